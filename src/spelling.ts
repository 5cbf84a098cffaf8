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

/**
 * The name that was probably meant: the same name with a provider's prefix, else the closest one within a few edits,
 * else the same name without the prefix.
 */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > maxLength) return undefined;
  let best: string | undefined;
  let prefixed: string | undefined;
  let min = Math.max(1, Math.floor(word.length / 3)) + 1;
  let compared = 0;
  for (const name of names) {
    if (name.endsWith(`/${word}`)) return name;
    if (word.endsWith(`/${name}`)) prefixed ??= name;
    if (Math.abs(name.length - word.length) >= min) continue;
    if (compared++ >= maxNames) break;
    const slips = distance(word.toLowerCase(), name.toLowerCase());
    if (slips < min) [best, min] = [name, slips];
  }
  return best ?? prefixed;
}
