import { afterKind } from './primitive-kinds.ts';

/** The edit distance: how many letters to insert, remove or change, or neighbours to swap, until `a` is `b`. */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      let min = Math.min(last[j]! + 1, row[j - 1]! + 1, change);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) min = Math.min(min, beforeLast[j - 2]! + 1);
      row.push(min);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

/**
 * The first of `names` that `word` is a misspelling of: written differently, or with typing errors in its words.
 * Numbers, and words of one or two letters, must be the same, since they tell models apart: `gpt-4` and `gpt-4o`,
 * `command-a` and `command-r` are different models.
 */
export function misspelt(word: string, names: readonly string[]): string | undefined {
  return names.find((name) => isMisspelt(word, name));
}

function isMisspelt(word: string, name: string): boolean {
  if (word.length > 200 || word === name) return false;
  // `openai/gpt-5` and `gpt-5` are accepted for `openai.responses/gpt-5`, the default name of a model of @ai-sdk/openai
  if (name.endsWith(`/${word}`) || name.replace(/^([^./]+)\.[^/]+\//, '$1/') === word) return true;
  if (afterKind(word, '/:.') === name) return true;
  const [own, others] = [partsOf(word), partsOf(name)];
  if (own.length !== others.length) return own.join('') === others.join('');
  return own.every((part, index) => part === others[index] || isSlip(part, others[index]!));
}

/** The words and numbers in a name, without the separators between them. */
const partsOf = (name: string): readonly string[] => name.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];

function isSlip(a: string, b: string): boolean {
  const isWord = /^\p{L}+$/u.test(a + b);
  const shorter = Math.min(a.length, b.length);
  return isWord && shorter >= 3 && distance(a, b) <= Math.max(1, shorter / 4);
}

/**
 * Longer names are not compared, and no more than so many, so that a file with thousands of mistakes is checked in
 * bounded time.
 */
const maxLength = 60;
const maxNames = 1000;

/** How many edits a name of that length may need: a third of it. All of a single letter would be another name. */
const mostEdits = (length: number): number => Math.floor(length / 3) || Number(length > 1);

/**
 * The name that was probably meant: the same name with a provider's prefix, else the closest one within a few edits,
 * else the same name without the prefix. A prefix that both names have doesn't make them alike: of `fake/large` and
 * `fake/three`, only `large` and `three` are compared.
 */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > maxLength) return undefined;
  let best: string | undefined;
  let prefixed: string | undefined;
  let min = Infinity;
  let compared = 0;
  const prefix = word.slice(0, word.lastIndexOf('/') + 1);
  for (const name of names) {
    if (name.endsWith(`/${word}`)) return name;
    if (word.endsWith(`/${name}`)) prefixed ??= name;
    const start = name.startsWith(prefix) ? prefix.length : 0;
    const most = Math.min(mostEdits(word.length - start), min - 1);
    if (Math.abs(name.length - word.length) > most) continue;
    if (compared++ >= maxNames) break;
    const slips = distance(word.slice(start).toLowerCase(), name.slice(start).toLowerCase());
    if (slips <= most) [best, min] = [name, slips];
  }
  return best ?? prefixed;
}

/** The beginning of a remedy for a value that is none of `words`: asks about the closest one; empty if none is close. */
export function didYouMean(value: unknown, words: readonly string[]): string {
  const meant = typeof value === 'string' && nearest(value, words);
  return meant ? `did you mean ${meant}? ` : '';
}

/** The whole remedy for a value that is none of `words`. */
export const useOneOf = (value: unknown, words: readonly string[]): string =>
  `${didYouMean(value, words)}use one of ${words.join(', ')}`;
