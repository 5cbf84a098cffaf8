import { isObject } from '../errors/errors.ts';
import { utf8Bytes } from '../tokens/estimators/utf8-bytes.ts';

type Json = Readonly<Record<string, any>>; // the contents of a tokenizer.json

/** An upper bound of the tokens of a text. */
export type TokenBound = (text: string) => number;

/**
 * A cheap upper bound of the tokens that a tokenizer makes of a text: each token is at least one byte of the
 * normalized text, or the space that some tokenizers add before each part of it. Undefined if a step of the tokenizer
 * may add more.
 */
export function tokenBound(tokenizer: Json): TokenBound | undefined {
  const normalizers = stepsOf(tokenizer['normalizer'], 'normalizers');
  const preTokenizers = stepsOf(tokenizer['pre_tokenizer'], 'pretokenizers');
  const isKnown = normalizers.every((each) => addsNothing(each, tokenizer['model'].vocab));
  if (!isKnown || preTokenizers.some(({ type }) => type === 'Replace')) return undefined;
  const form = normalizers.map(({ type }) => longestForms[type]).find((each) => each !== undefined);
  const hasPrefix =
    normalizers.some(({ type }) => type === 'Prepend') ||
    preTokenizers.some(({ type, add_prefix_space: prefix }) => type === 'Metaspace' || prefix);
  return (text) => {
    const normalized = form === undefined || isAscii(text) ? text : text.normalize(form);
    return (hasPrefix ? 2 : 1) * utf8Bytes(normalized);
  };
}

function stepsOf(step: Json | null | undefined, inner: string): readonly Json[] {
  if (!step) return [];
  return step[inner]?.flatMap((each: Json) => stepsOf(each, inner)) ?? [step];
}

/** For each Unicode normalization form, the form whose result is at least as long for any text. */
const longestForms: Readonly<Record<string, 'NFC' | 'NFD' | 'NFKD'>> = {
  NFC: 'NFC',
  NFD: 'NFD',
  NFKC: 'NFKD',
  NFKD: 'NFKD',
};

function addsNothing({ type, pattern, content, prepend }: Json, vocab: object): boolean {
  if (type === 'Replace') return isOneToken(content, vocab) && length(content) <= length(pattern?.String);
  return type === 'Prepend' ? isOneToken(prepend, vocab) && length(prepend) === 1 : type in longestForms;
}

/** Whether each character takes at most one token. */
const isOneToken = (text: string = '', vocab: object): boolean =>
  Array.isArray(vocab) || [...text].every((character) => isObject(vocab) && character in vocab);

const length = (text: string = ''): number => [...text].length;

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
