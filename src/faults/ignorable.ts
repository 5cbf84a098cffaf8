import { isErrorLike } from './error-like.ts';
import { fieldOf, hasSdkMarker, isRecord, itemsOf } from './safe-read.ts';

/** A keepalive that isn't JSON: a few words in any language, without characters of JSON or HTML. */
const bareWords = /^[^{}[\]"<]{0,200}$/;

/**
 * Whether an error part can be ignored: it is about a single chunk that the provider package could not read and that
 * belongs to no answer, such as a tool's progress, a notice or a keepalive. The stream goes on after it.
 */
export function isIgnorable(error: unknown): boolean {
  if (error === null || error === undefined || error === '') return true; // `error: null` in a chunk
  if (hasSdkMarker(error, 'error.AI_TypeValidationError')) {
    const value = fieldOf(error, 'value');
    return !isErrorLike(value) && !isAnswer(value);
  }
  return (
    hasSdkMarker(error, 'error.AI_JSONParseError') && bareWords.test(String(fieldOf(error, 'text')).trim())
  );
}

/** The fields in which APIs send the model's answer. */
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

/** Whether a chunk contains a piece of the answer, which would be lost. */
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
