import { longestShown } from '../gateway/problem.ts';
import type { Interpolated } from './interpolate.ts';
import type { Path } from './problem.ts';

/** Puts what stands in a file in the place of what its variables hold. */
export interface ValueHider {
  /** A message about a path. */
  inMessage(message: string, path: Path): string;
  /** A value: an id, or what was made of one. */
  textOf(value: string): string;
}

/**
 * Messages have values in double quotes, and the ids of a cycle between arrows: there, and nowhere else, is looked, so
 * that no word of a sentence is taken for a value. A number is no secret: it is hidden where a message begins with it.
 *
 * @param literals the texts of the file that have no variables: what stands there need not be hidden
 */
export function valueHider(interpolated: readonly Interpolated[], literals: Iterable<string>): ValueHider {
  // Most files are fine, and need none of this.
  let known: Known | undefined;
  const knowing = (): Known => (known ??= knownOf(interpolated, literals));
  const textOf = (value: string, own?: Interpolated): string => {
    if (own && spellings(String(own.value)).includes(value)) return own.text;
    const { texts, plain } = knowing();
    const text = texts.get(value) ?? (plain.has(value) ? value : undefined);
    if (text !== undefined) return text;
    const [, kind = '', id = '', number = ''] = derived.exec(value) ?? [];
    return texts.has(id) ? `${kind}${texts.get(id)}${number}` : withoutVariables(value, knowing());
  };
  return {
    textOf: (value) => textOf(value),
    inMessage(message, path) {
      if (interpolated.length === 0 || aboutKey.test(message)) return message;
      const own = knowing().byPath.get(JSON.stringify(path));
      const number = own && typeof own.value !== 'string' ? `${own.value}: ` : '';
      const isAbout = number !== '' && message.startsWith(number);
      const rest = (isAbout ? message.slice(number.length) : message)
        .replace(cycle, (way) =>
          way
            .split(' → ')
            .map((id) => textOf(id))
            .join(' → '),
        )
        .replaceAll(quoted, (each) => requoted(each, (value) => textOf(value, own)));
      return isAbout ? `${own!.text}: ${rest}` : rest;
    },
  };
}

const quoted = /"(?:[^"\\]|\\.)*"/gs;

const cycle = /(?<= contains itself: ).*(?=: take one of them out$)/s;

/** Keys are as they are written; that one has the name of a value says nothing. */
const aboutKey = /^no such (option|part of a gateway)\b/;

/** What a gateway makes of an id: `alloy/x`, `x#2`. */
const derived = /^((?:alloy|cascade|dispatcher)\/)?(.*?)(#\d+)?$/s;

interface Known {
  readonly byPath: ReadonlyMap<string, Interpolated>;
  /** What texts with variables became, and those texts. */
  readonly texts: ReadonlyMap<string, string>;
  readonly plain: ReadonlySet<string>;
  /** What variables hold, in any spelling, and their names as `${NAME}`. */
  readonly variables: ReadonlyMap<string, string>;
  /** Finds any of these; undefined if there are none. */
  readonly anyVariable: RegExp | undefined;
}

function knownOf(interpolated: readonly Interpolated[], literals: Iterable<string>): Known {
  const texts = new Map<string, string>();
  const variables = new Map<string, string>();
  const add = (map: Map<string, string>, value: string, text: string): void => {
    if (!map.has(value)) map.set(value, text);
  };
  for (const { text, value, variables: held } of interpolated) {
    if (typeof value === 'string') spellings(value).forEach((each) => add(texts, each, text));
    for (const [name, each] of held) {
      foreignSpellings(each).forEach((spelling) => add(variables, spelling, `\${${name}}`));
    }
  }
  // The longest first: others may be parts of it.
  const patterns = [...variables.keys()].toSorted((a, b) => b.length - a.length).map(patternOf);
  return {
    byPath: new Map(interpolated.map((each) => [JSON.stringify(each.path), each])),
    texts,
    plain: new Set([...literals].flatMap(spellings)),
    variables,
    anyVariable: patterns.length > 0 ? new RegExp(patterns.join('|'), 'gu') : undefined,
  };
}

/** As messages have a value: long ones cut off. */
const spellings = (value: string): string[] =>
  value.length > longestShown ? [value, `${value.slice(0, longestShown)}…`] : [value];

/** As a provider may have a value: it is asked for what follows the prefix, and may put that into an address. */
function foreignSpellings(value: string): string[] {
  const asked = value.slice(value.indexOf('/') + 1);
  const encoded = [value, asked].map((each) => encodeURIComponent(each.replaceAll(/\p{Cs}/gu, '\uFFFD')));
  return [...new Set([value, asked, ...encoded])].filter((each) => each !== '');
}

/** Of what is short, or a plain word, no parts of other words. */
function patternOf(value: string): string {
  const pattern = value.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (value.length < 4) return `(?<![^/:])${pattern}(?![^/:#])`;
  return /^\p{L}+$/u.test(value) ? `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])` : pattern;
}

function withoutVariables(value: string, { variables, anyVariable }: Known): string {
  if (!anyVariable) return value;
  const replaced = value.replaceAll(anyVariable, (found) => variables.get(found)!);
  if (!replaced.endsWith('…')) return replaced;
  // What was cut off may end with the beginning of one.
  const start = replaced.slice(0, -1);
  for (const [held, name] of variables) {
    for (let length = Math.min(held.length, start.length); length >= 4; length--) {
      if (start.endsWith(held.slice(0, length))) return `${start.slice(0, -length)}${name}…`;
    }
  }
  return replaced;
}

/** A string of a message with another text in it; as it was, if that is the same. */
function requoted(found: string, replace: (value: string) => string): string {
  let value: string;
  try {
    value = JSON.parse(found) as string;
  } catch {
    value = found.slice(1, -1);
  }
  const text = replace(value);
  return text === value ? found : JSON.stringify(text);
}
