import { withoutCredentials } from '../errors/found.ts';
import { showName } from '../gateway/problem.ts';
import type { Interpolated } from './interpolate.ts';
import { notShown, type Path } from './problem.ts';

/** Replaces values of variables by the text that the file has instead. */
export interface ValueHider {
  /** A message about a path. */
  inMessage(message: string, path: Path): string;
  /** A value: an id, or a text that was derived from one. */
  textOf(value: string): string;
}

/**
 * Messages have values in double quotes, and the ids of a cycle between arrows. Only there are values replaced, so that no
 * word of a sentence is taken for a value. A number is no secret: it is replaced only at the beginning of a message.
 *
 * @param literals the texts of the file without variables: a value that is one of them is not hidden
 */
export function valueHider(interpolated: readonly Interpolated[], literals: Iterable<string>): ValueHider {
  // Most files have no problems, so the patterns are built only when needed.
  let known: Known | undefined;
  const knowing = (): Known => (known ??= knownOf(interpolated, literals));
  const textOf = (value: string): string => withoutVariables(value, knowing());
  return {
    textOf,
    inMessage(message, path) {
      if (interpolated.length === 0 || aboutKey.test(message)) return message;
      const own = knowing().byPath.get(JSON.stringify(path));
      const ownValue = String(own?.value);
      const hidden = message
        .replace(cycle, (way) => way.split(' → ').map(textOf).join(' → '))
        .replaceAll(quoted, (each) =>
          requoted(each, (value) => (own && shownAs(ownValue).includes(value) ? own.text : textOf(value))),
        );
      if (!own) return hidden;
      const shown = typeof own.value === 'string' ? unshown.exec(message)?.[0] : `${own.value}`;
      const isAbout = shown !== undefined && message.startsWith(`${shown}: `);
      const text = typeof own.value === 'string' ? JSON.stringify(own.text) : own.text;
      const said = isAbout ? `${text}${hidden.slice(shown.length)}` : hidden;
      return said === message ? said : said + notShown(own.variables);
    },
  };
}

const quoted = /"(?:[^"\\]|\\.)*"/gs;

/** The beginning of a message about a text that it doesn't show. */
const unshown = /^a (?:string(?: of \d+ characters)?|URL)(?=: )/;

const cycle = /(?<= (?:contains|leads to) itself: ).*(?=: take one of them out$)/s;

/** Keys are shown as written, even if one equals a variable's value. */
const aboutKey = /^no such (option|part of a gateway)\b/;

interface Known {
  readonly byPath: ReadonlyMap<string, Interpolated>;
  /** The values to hide, in all spellings, with the text that the file has instead. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Values that may be shown. */
  readonly literals: ReadonlySet<string>;
}

function knownOf(interpolated: readonly Interpolated[], literals: Iterable<string>): Known {
  const hidden = new Map<string, string>();
  const done = new Set<string>();
  // A provider gets the id without its prefix, and may mention that in an error.
  const hide = (value: string, text: string): void => {
    if (done.has(value)) return;
    done.add(value);
    const prefix = value.slice(0, value.indexOf('/') + 1);
    const asked = text.startsWith(prefix) ? text.slice(prefix.length) : text;
    const add = (each: string, shown: string): unknown => hidden.has(each) || hidden.set(each, shown);
    for (const each of spellings(value)) add(each, text);
    for (const each of spellings(value.slice(prefix.length))) add(each, asked);
  };
  for (const { text, value, variables } of interpolated) {
    // If no variable in it is set, the text comes from the file alone.
    if (typeof value === 'string' && variables.size > 0) hide(value, text);
    for (const [name, held] of variables) hide(held, `\${${name}}`);
  }
  return {
    byPath: new Map(interpolated.map((each) => [JSON.stringify(each.path), each])),
    hidden,
    literals: new Set(
      [...literals].flatMap((each) => [...shownAs(each), ...shownAs(each.slice(each.indexOf('/') + 1))]),
    ),
  };
}

/** A value as messages show it: long ones are cut, and URLs have no passwords. */
const shownAs = (value: string): string[] => [...new Set([value, JSON.parse(showName(value)) as string])];

/** A value as a provider's error may show it: encoded in a URL, a form or JSON, or in lower case. */
function spellings(value: string): string[] {
  const found = [
    value,
    withoutCredentials(value),
    encodeURIComponent(value.replaceAll(/\p{Cs}/gu, '\uFFFD')),
    new URLSearchParams({ '': value }).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
  ];
  return [...found, ...found.map((each) => each.toLowerCase())].filter((each) => each !== '');
}

function withoutVariables(value: string, { hidden, literals }: Known): string {
  const whole = literals.has(value) ? value : hidden.get(value);
  if (whole !== undefined) return whole;
  // The longest first, since shorter values may be parts of longer ones.
  const found = [...hidden.keys()]
    .filter((each) => value.includes(each))
    .toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(found.map(patternOf).join('|') || '(?!)', 'gu');
  const isLiteral = (each: string, offset: number): boolean =>
    [...literals].some(
      (literal) => literal.includes(each) && value.startsWith(literal, offset - literal.indexOf(each)),
    );
  const replaced = value.replaceAll(pattern, (each, offset: number) =>
    isLiteral(each, offset) ? each : hidden.get(each)!,
  );
  return replaced.endsWith('…') ? withoutBeginning(replaced.slice(0, -1), hidden) : replaced;
}

/** Short values and plain words are replaced only as whole words. */
function patternOf(value: string): string {
  const pattern = value.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (value.length < 4) return `(?<![^/:])${pattern}(?![^/:#])`;
  return /^\p{L}+$/u.test(value) ? `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])` : pattern;
}

/** Removes the beginning of a variable's value from the end of a text that was cut. */
function withoutBeginning(start: string, hidden: Known['hidden']): string {
  for (const [held, text] of hidden) {
    for (let length = Math.min(held.length, start.length); length >= 4; length--) {
      if (start.endsWith(held.slice(0, length))) return `${start.slice(0, -length)}${text}…`;
    }
  }
  return `${start}…`;
}

/** A quoted string of a message with its text replaced; unchanged if the text is the same. */
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
