import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import { limits, tooDeep } from '../limits.ts';
import { lineCounter } from '../positions.ts';
import { type FileProblem, type Parsed, type Path, unparsed } from '../problem.ts';
import { peer } from '../peer.ts';

type Yaml = typeof import('yaml');

/** Parses YAML 1.2, its core schema: no tags of anybody's own, no merge keys. */
export async function parseYaml(text: string): Promise<Parsed> {
  const yaml = await peer('yaml', 'YAML', () => import('yaml'));
  const positionAt = lineCounter(text);
  const excess = excessOf(yaml, text);
  if (excess) return unparsed(excess.message, positionAt(excess.offset));
  // Its search for keys that stand twice takes quadratic time: `repeatedKeys` is ours.
  const document = yaml.parseDocument(text, {
    schema: 'core',
    customTags: [],
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  // A warning is a tag or a directive that nobody knows.
  const found = [...document.errors, ...document.warnings].slice(0, limits.problems);
  const problems: FileProblem[] = found.map((error) => ({
    path: [],
    message: messageOf(error),
    position: positionAt(error.pos[0]),
  }));
  if (problems.length > 0) return { data: undefined, problems, positionOf: () => undefined };
  let targets: ReadonlyMap<unknown, Node> | undefined;
  return {
    data: document.toJS({ maxAliasCount: 100 }) as unknown,
    problems: repeatedKeys(yaml, document).map((offset) => ({
      path: [],
      message: 'this key stands there twice: keep one',
      position: positionAt(offset),
    })),
    positionOf(path) {
      const offset = offsetOf(yaml, document, (targets ??= targetsOf(yaml, document)), path);
      return offset === undefined ? undefined : positionAt(offset);
    },
  };
}

/** What would take the parser minutes, or its stack, seen by the lexer alone. */
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
    if (flow + compact > limits.depth) return { message: tooDeep, offset };
    // The lexer marks scalars and documents with control characters that don't stand in the text.
    if (type !== 'scalar' && type !== 'doc-mode' && type !== 'flow-error-end') offset += token.length;
    else if (token.length > 1) offset += token.length;
  }
  return undefined;
}

/** The parser's own words, but for what it says of a second document or of a tag. */
function messageOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'there is more than one document in this file: keep one';
  if (message.includes('call stack')) return tooDeep;
  if (code === 'TAG_RESOLVE_FAILED') return `${message}: tags are not taken here`;
  return message;
}

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

/** What aliases stand for: to look for one takes a walk through the document, so all are found in one. */
function targetsOf({ visit, isAlias }: Yaml, document: Document): ReadonlyMap<unknown, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    },
  });
  return targets;
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
