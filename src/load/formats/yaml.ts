import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import { dataLimits, tooDeep } from '../../gateway/plain-data.ts';
import { importInstalled, moduleOf, type OptionalPeer } from '../../optional-peer.ts';
import { limits } from '../limits.ts';
import { lineAt, lineCounter } from '../positions.ts';
import { type FileProblem, type Parsed, type Path, unparsed } from '../problem.ts';

type Yaml = typeof import('yaml');

const peer: OptionalPeer = { name: 'yaml', exported: 'parseDocument', option: 'format', value: 'yaml' };

async function importYaml(): Promise<Yaml> {
  try {
    return moduleOf(peer, await import(/* turbopackOptional: true */ 'yaml'));
  } catch (error) {
    return importInstalled(peer, error);
  }
}

/** Parses YAML 1.2 with its core schema: no custom tags, no merge keys. */
export async function parseYaml(text: string): Promise<Parsed> {
  const yaml = await importYaml();
  const positionAt = lineCounter(text);
  const excess = excessOf(yaml, text);
  if (excess) return unparsed(excess.message, positionAt(excess.offset));
  // The parser's own search for duplicate keys takes quadratic time, so `repeatedKeys` does it instead.
  const document = yaml.parseDocument(text, {
    schema: 'core',
    customTags: [],
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  // The parser only warns of unknown tags and directives.
  const [mistake] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const aliases = aliasesOf(yaml, document);
  const placed = (error: YAMLError): Misplaced => ({
    message: messageOf(error, text),
    offset: Math.min(error.pos[0], text.trimEnd().length),
  });
  const others = [...aliases.problems, ...mergeKeys(yaml, document)];
  // After the first error, the parser's messages are not reliable.
  const misplaced = (mistake ? [placed(mistake)] : [...document.warnings.map(placed), ...others]).slice(
    0,
    limits.problems,
  );
  const problems = misplaced.map(({ message, offset }): FileProblem => ({
    path: [],
    message,
    position: positionAt(offset),
  }));
  if (problems.length > 0) return { data: undefined, problems, positionOf: () => undefined };
  return {
    data: document.toJS({ maxAliasCount: 100 }) as unknown,
    problems: repeatedKeys(yaml, document).map((offset) => ({
      path: [],
      message: 'this key occurs twice: keep one',
      position: positionAt(offset),
    })),
    positionOf(path) {
      const offset = offsetOf(yaml, document, aliases.targets, path);
      return offset === undefined ? undefined : positionAt(offset);
    },
  };
}

/** Refuses, by the lexer alone, a text that would keep the parser busy for minutes or overflow its stack. */
function excessOf({ Lexer, CST }: Yaml, text: string): { message: string; offset: number } | undefined {
  let offset = 0;
  let count = 0;
  let aliases = 0;
  let flow = 0;
  let compact = 0; // of "- - - a"
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (++count > limits.yamlTokens) return { message: 'this file is too long for a gateway', offset };
    if (type === 'alias' && ++aliases > limits.aliases) {
      return { message: `there are more than ${limits.aliases} aliases`, offset };
    }
    if (type === 'newline') compact = 0;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') compact++;
    if (type === 'flow-seq-start' || type === 'flow-map-start') flow++;
    if (type === 'flow-seq-end' || type === 'flow-map-end') flow--;
    if (flow + compact > dataLimits.depth) return { message: tooDeep, offset };
    // The lexer marks scalars and documents with control characters that are not in the text.
    if (type !== 'scalar' && type !== 'doc-mode' && type !== 'flow-error-end') offset += token.length;
    else if (token.length > 1) offset += token.length;
  }
  return undefined;
}

/** The parser's message, except for a second document or a tag, and a hint at common mistakes. */
function messageOf({ code, message, pos: [offset] }: YAMLError, text: string): string {
  if (code === 'MULTIPLE_DOCS') return 'there is more than one document in this file: keep one';
  if (message.includes('call stack')) return tooDeep;
  const line = lineAt(text, offset);
  if (code === 'TAG_RESOLVE_FAILED') {
    const isVariable = /!\w*(env|var|secret)/i.test(line);
    return `${message}: tags are not taken here${isVariable ? ': for a variable, write ${NAME}' : ''}`;
  }
  const hint = hints.find(([about, pattern]) => about.test(`${code} ${message}`) && pattern.test(line))?.[2];
  return hint ? `${message}: ${hint}` : message;
}

/** Hints, by the parser's code and message, and by the line of the mistake. */
const hints: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^/, /^ *\t/, 'indent with spaces, not with tabs'],
  [/^/, /[{[].*(?<!["'\w])\$\{/, 'within { } and [ ], put "${NAME}" in quotes'],
  [/^/, /(^|\s)(\/\/|\/\*)/, 'comments begin with #'],
  [
    /^/,
    /^\s*(\[{1,2}[\w.]+\]{1,2}\s*$|(- )?[\w.]+ *= )/,
    'this reads like TOML: write key: value, or name the file .toml',
  ],
  [/^BAD_SCALAR_START/, /^/, 'put it in quotes'],
  [/^BAD_DQ_ESCAPE/, /^/, 'write two backslashes for one, or use single quotes'],
  [/closing .quote/, /^/, 'see which text above begins with one and is not closed'],
  [/IMPLICIT_KEY/, /^\s*(- )?[\w.]+:\S/, 'put a space after the colon'],
  [/IMPLICIT_KEY/, /^\s*-\w/, 'put a space after the dash'],
  [/^BLOCK_AS_IMPLICIT_KEY/, /:\s.*:(\s|$)/, 'put a text with a colon in quotes'],
  [/mplicit (map )?keys/, /^\s*(- )?[\w.]+\s*$/, 'put a colon after the key'],
  [/IMPLICIT_KEY|^BAD_INDENT All|without -/, /^/, 'see whether this line is indented as its neighbours are'],
];

function repeatedKeys({ visit, isScalar }: Yaml, document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) offsets.push(key.range?.[0] ?? 0);
        seen.add(name);
      }
    },
  });
  return offsets.slice(0, limits.problems);
}

interface Aliases {
  /** The node that each alias refers to. */
  readonly targets: ReadonlyMap<unknown, Node>;
  /** Aliases without an anchor. */
  readonly problems: readonly Misplaced[];
}

interface Misplaced {
  readonly message: string;
  readonly offset: number;
}

/** Resolves all aliases in one walk through the document, since each look-up would walk through it again. */
function aliasesOf({ visit, isAlias }: Yaml, document: Document): Aliases {
  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  const problems: Misplaced[] = [];
  visit(document, {
    Node(_, node, around) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      const offset = node.range?.[0] ?? 0;
      if (!target) {
        const message = `alias ${node.source} has no anchor: write &${node.source} before what it stands for`;
        problems.push({ message, offset });
      } else if (around.includes(target)) {
        problems.push({ message: `alias ${node.source} is inside the value that it refers to`, offset });
      } else targets.set(node, target);
    },
  });
  return { targets, problems };
}

/** Merge keys of YAML 1.1; here `<<` would be an unknown key. */
function mergeKeys({ visit, isScalar }: Yaml, document: Document): Misplaced[] {
  const found: Misplaced[] = [];
  const message =
    'merge keys (<<) are not taken: write the options out, or say under model_defaults what all models share';
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '<<') found.push({ message, offset: key.range?.[0] ?? 0 });
    },
  });
  return found;
}

function offsetOf(
  yaml: Yaml,
  document: Document,
  targets: ReadonlyMap<unknown, Node>,
  path: Path,
): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    const around = targets.get(node) ?? node;
    const pair = yaml.isMap(around) ? pairOf(yaml, around, step) : undefined;
    node = yaml.isSeq(around) ? around.items[Number(step)] : pair?.value;
    offset = ((pair?.key ?? node) as Node | undefined)?.range?.[0] ?? offset;
  }
  return offset;
}

const pairOf = ({ isScalar }: Yaml, { items }: YAMLMap, step: string | number): Pair | undefined =>
  items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
