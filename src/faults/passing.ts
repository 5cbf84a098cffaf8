import { isErrorLike } from './error-like.ts';
import { fieldOf, isRecord, itemsOf } from './safe-read.ts';

/** Keepalives that are no JSON: some words, in any language, and nothing that may be a piece of JSON or a page. */
const bareWords = /^[^{}[\]"<]{0,200}$/;

/**
 * Whether an error part is about one chunk that the provider package could not read, and that was no part of the answer:
 * progress of a tool, a notice, a keepalive. The stream goes on behind it, as it does without this library.
 */
export function isPassing(error: unknown): boolean {
  if (error === null || error === undefined || error === '') return true; // `error: null` in a chunk
  const isOf = (name: string): boolean => fieldOf(error, Symbol.for(`vercel.ai.error.AI_${name}`)) === true;
  if (isOf('TypeValidationError')) {
    const value = fieldOf(error, 'value');
    return !isErrorLike(value) && !isAnswer(value);
  }
  return isOf('JSONParseError') && bareWords.test(String(fieldOf(error, 'text')).trim());
}

/** Where the APIs that there are keep what a model says. */
const containers = ['choices', 'candidates', 'delta', 'content_block', 'item', 'response'];
const textFields = new Set([
  'content',
  'text',
  'delta',
  'thinking',
  'reasoning_content',
  'arguments',
  'partial_json',
]);

/** Whether a chunk holds a piece of the answer, which would be missing. */
const isAnswer = (value: unknown): boolean => containers.some((name) => holdsText(fieldOf(value, name), 5));

function holdsText(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value !== '';
  if (!isRecord(value) || depth === 0) return false;
  if (Array.isArray(value))
    return itemsOf(value).some((item) => isRecord(item) && holdsText(item, depth - 1));
  return Object.keys(value).some((name) => {
    const field = fieldOf(value, name);
    return (isRecord(field) || textFields.has(name)) && holdsText(field, depth - 1);
  });
}
