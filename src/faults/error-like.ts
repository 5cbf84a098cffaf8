import { fieldOf, isRecord } from './safe-read.ts';

/** Words in the type or code of an error that don't occur in progress notices. */
const errorWord =
  /error|exception|denied|invalid|exceeded|exhausted|overload|unavailable|unauth|forbidden|quota|limit(?:ed)?$|time_?out$|(?<!tool[_-])fail(?:ed|ure)?$/i;

/** Whether a JSON value from a provider is an error, in one of the shapes that vendors use. */
export function isErrorLike(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const field = (name: string): unknown => fieldOf(value, name);
  const errors = field('errors');
  if (field('error') || (Array.isArray(errors) && errors.length > 0) || isBlocked(value)) return true;
  if (field('object') === 'error' || field('type') === 'error' || field('status') === 'failed') return true;
  if (['code', 'status', 'status_code', 'statusCode'].map(field).some(isHttpError)) return true;
  if (typeof (field('message') ?? field('detail')) !== 'string') return false;
  return ['type', 'code', 'status', 'error_code']
    .map(field)
    .some((word) => typeof word === 'string' && errorWord.test(word));
}

/** Whether Google has blocked the prompt. */
export const isBlocked = (value: unknown): boolean =>
  fieldOf(fieldOf(value, 'promptFeedback'), 'blockReason') != null;

const isHttpError = (status: unknown): boolean =>
  /^[45]\d\d$/.test(typeof status === 'number' ? `${status}` : typeof status === 'string' ? status : '');
