import {
  assertKnownOptions,
  check,
  foundName,
  foundInstead,
  InvalidConfigurationError,
  isObject,
} from '../errors/errors.ts';
import { utf8Bytes } from '../tokens/estimators/utf8-bytes.ts';
import { parseJson } from './formats/json.ts';
import { parseToml } from './formats/toml.ts';
import { parseYaml } from './formats/yaml.ts';
import { valueHider } from './hide-values.ts';
import type { Environment } from './interpolate.ts';
import { limits } from './limits.ts';
import { type FileProblem, type Parsed, type Path, type Position, unparsed } from './problem.ts';
import { looksLikeUtf16, nul, readTextFile, UnreadableText } from './read-text.ts';
import { resolveVariables } from './resolve-variables.ts';
import { at } from '../errors/place.ts';

/** The formats of a gateway file. */
export type GatewayFormat = 'json' | 'yaml' | 'toml';

/** The contents of a gateway file, and its format. */
export interface GatewayText {
  readonly text: string;
  readonly format: GatewayFormat;
}

/** Options of `readGatewayFile`. */
export interface ReadGatewayFileOptions {
  /** The variables for `${NAME}`. @default process.env */
  readonly environment?: Environment | undefined;
}

/** The contents of a gateway file. */
export interface GatewayFile {
  /** The file's data, with each `${NAME}` replaced; undefined if the file can't be parsed. */
  readonly data: unknown;
  /** The problems so far: syntax, limits, refused keys, variables that are not set. */
  readonly problems: readonly FileProblem[];
  /** The position of the value at a path, or of the nearest table or list around it; undefined if the parser can't tell. */
  positionOf(path: Path): Position | undefined;
  /** A message about a path, with `${NAME}` instead of the variable's value. Values in it must be in double quotes. */
  hideValues(message: string, path?: Path): string;
  /** A value, such as an id, with `${NAME}` instead of the variable's value, unless the file contains that value as well. */
  textOf(value: string): string;
}

const formats: Readonly<Record<string, GatewayFormat>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.toml': 'toml',
};

const parsers: Readonly<Record<GatewayFormat, Parse>> = {
  json: parseJson,
  yaml: parseYaml,
  toml: parseToml,
};

/**
 * Reads a gateway's file as data, without checking what it declares. It never runs code from the file. It refuses, in
 * bounded time: more than 1 MB, before or after variables are replaced; nesting deeper than 16; YAML's tags and merge keys;
 * aliases that multiply; `__proto__` as a key.
 *
 * In all strings but keys, `${NAME}` is replaced by the environment variable, `${NAME:-default}` by the default if
 * the variable is not set or empty; `$${` is a plain `${`. The result is a number or a boolean if the option takes one and
 * the text is one (`context_window: ${WINDOW}`, `fallback: ${FALLBACK}`, also for `yes` or `1`), else a string. In the
 * metadata of a rule it is always a string.
 *
 * @param source the path or the URL of a `.json`, `.yaml`, `.yml` or `.toml` file, or a text and its format
 * @param options.environment the variables for `${NAME}`. @default process.env
 * @throws InvalidConfigurationError for a file that can't be read, another extension, or a parser that is missing
 *
 * @example
 * ```ts
 * import { readGatewayFile } from 'ai-alloy/load';
 *
 * const { data, problems } = await readGatewayFile({ text: '{ "models": [] }', format: 'json' });
 * console.log(data, problems); // { models: [] } []
 * ```
 */
export async function readGatewayFile(
  source: string | URL | GatewayText,
  options: ReadGatewayFileOptions = {},
): Promise<GatewayFile> {
  assertKnownOptions('readGatewayFile', options, ['environment']);
  const { environment = environmentOfProcess() } = options;
  check(
    isObject(environment),
    at('readGatewayFile', 'environment'),
    foundInstead(environment),
    'pass an object, such as process.env',
  );
  const { parse, text } = await textOf(source);
  const parsed = await parsedOf(text, parse);
  const { data, problems, interpolated, literals } = resolveVariables(parsed.data, environment);
  const hider = valueHider(interpolated, literals);
  return {
    data,
    problems: [...parsed.problems, ...problems.map((problem) => located(problem, parsed))].slice(
      0,
      limits.problems,
    ),
    positionOf: parsed.positionOf,
    hideValues: (message, path = []) => hider.inMessage(message, path),
    textOf: (value) => hider.textOf(value),
  };
}

/** An edge runtime may have no environment. */
function environmentOfProcess(): Environment {
  return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

async function textOf(source: string | URL | GatewayText) {
  if (isObject(source) && !(source instanceof URL)) {
    check(
      typeof source.text === 'string',
      at('readGatewayFile', 'text'),
      foundInstead(source.text),
      'pass the text of a file',
    );
    check(
      Object.hasOwn(parsers, source.format),
      at('readGatewayFile', 'format'),
      source.format,
      'use json, yaml or toml',
    );
    return { parse: parsers[source.format], text: source.text };
  }
  const isFile = typeof source === 'string' || source instanceof URL;
  check(isFile, 'file', source, 'pass the path of a file, or { text, format }');
  const file = fileOf(source);
  const isAsset = file instanceof URL && !URL.canParse(String(file));
  check(!isAsset, 'file', foundName(String(file)), assetRemedy);
  const [extension = ''] = /\.\w+$/.exec(file instanceof URL ? file.pathname : file) ?? [];
  const format = formats[extension.toLowerCase()];
  check(
    format !== undefined,
    'file',
    foundName(String(file)),
    `use a file that ends in ${Object.keys(formats).join(', ')}`,
  );
  return { parse: parsers[format], text: await textOfFile(file) };
}

const assetRemedy =
  'a bundler (webpack) made this URL the address of an asset: pass a path, which starts at the working directory';

/** A file as the file system takes it: a URL is no string. */
export function fileOf(source: string | URL): string | URL {
  const isUrl = typeof source === 'string' && source.startsWith('file:') && URL.canParse(source);
  return isUrl ? new URL(source) : source;
}

async function textOfFile(file: string | URL): Promise<string | undefined> {
  try {
    return await readTextFile(file, limits.bytes);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new InvalidConfigurationError({
      option: 'file',
      value: foundName(String(file)),
      remedy: error.message,
    });
  }
}

type Parse = (text: string) => Parsed | Promise<Parsed>;

async function parsedOf(text: string | undefined, parse: Parse): Promise<Parsed> {
  if (text === undefined || text.length > limits.bytes || utf8Bytes(text) > limits.bytes) {
    return unparsed(`the file is larger than ${limits.bytes} bytes`);
  }
  if (text.includes(nul)) return unparsed(looksLikeUtf16);
  return guarded(parse, text.replace(/^\uFEFF/, ''));
}

/** Parsers throw a RangeError of the engine on data that is nested too deeply. */
async function guarded(parse: Parse, text: string): Promise<Parsed> {
  try {
    return await parse(text);
  } catch (error) {
    if (error instanceof RangeError) return unparsed('this is nested too deeply, or too long, to be parsed');
    if (error instanceof ReferenceError)
      return unparsed('the aliases of this file repeat too much: write it out');
    throw error;
  }
}

function located(problem: FileProblem, { positionOf }: Parsed): FileProblem {
  const position = positionOf(problem.path);
  return { ...problem, ...(position && { position }) };
}
