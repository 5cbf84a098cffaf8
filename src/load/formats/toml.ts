import { dataLimits, tooDeep } from '../../gateway/plain-data.ts';
import { importInstalled, moduleOf, type OptionalPeer } from '../../optional-peer.ts';
import { lineCounter } from '../positions.ts';
import { type Parsed, unparsed } from '../problem.ts';
import type { OffsetsByPath } from '../positions.ts';
import { tomlOffsets } from './toml-offsets.ts';

type SmolToml = typeof import('smol-toml');

const smolToml: OptionalPeer = { name: 'smol-toml', exported: 'TomlError', option: 'format', value: 'toml' };

async function importSmolToml(): Promise<SmolToml> {
  try {
    return moduleOf(smolToml, await import(/* turbopackOptional: true */ 'smol-toml'));
  } catch (error) {
    return importInstalled(smolToml, error);
  }
}

/** Parses TOML 1.0. */
export async function parseToml(text: string): Promise<Parsed> {
  const { parse, TomlError } = await importSmolToml();
  const positionAt = lineCounter(text);
  try {
    const data = parse(text, { maxDepth: dataLimits.depth });
    let offsets: OffsetsByPath | undefined;
    return {
      // As in YAML, whose parser returns null for a file without keys.
      data: Object.keys(data).length === 0 ? null : data,
      problems: [],
      positionOf(path) {
        if (path.length === 0) return undefined;
        const offset = (offsets ??= tomlOffsets(text)).nearest(path);
        return offset === undefined ? undefined : positionAt(offset);
      },
    };
  } catch (error) {
    if (!(error instanceof TomlError)) return unparsed('this is not valid TOML');
    // The rest of the message quotes lines of the file.
    const [first = ''] = error.message.split('\n');
    const { line, column } = error;
    const message = first.includes('excessively nested')
      ? tooDeep
      : hinted(first.replace('Invalid TOML document: ', ''), text.split('\n', line)[line - 1] ?? '', column);
    return unparsed(message, { line, column });
  }
}

/** The parser's message, and a hint at common mistakes. */
function hinted(message: string, line: string, column: number): string {
  const [, table] = /^\s*\[([\w.-]+)\]/.exec(line) ?? [];
  if (table && message.includes('redefine'))
    return `${message}: keep one, or write [[${table}]] for each of a list`;
  if (/^\s*(- |[\w.-]+:(\s|$))/.test(line)) return `${message}: this reads like YAML: name the file .yaml`;
  const rest = line.slice(column - 1);
  const hint = hints.find(([inLine, inRest]) => inLine.test(line) && inRest.test(rest))?.[2];
  return hint ? `${message}: ${hint}` : message;
}

/** Hints, by the line of the mistake and the text from the mistake on. */
const hints: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^\s*\{/, /^/, 'this reads like JSON: name the file .json'],
  [/(^|\s)(\/\/|\/\*)/, /^/, 'comments begin with #'],
  [/^/, /^\$\{/, 'put "${NAME}" in quotes'],
  [/^/, /^(true|false)\b/i, 'true and false are in lower case'],
  [/[=[,]\s*\d+[KMkm]\b/, /^/, 'put a size with K or M in quotes'],
  [/^/, /^\s*,\s*(#|$)/, 'there is no comma at the end of a line'],
  [/=\s*[^\s"'\d[{-]/, /^[^=]+$/, 'put a text in quotes'],
];
