import { fieldOf, isRecord } from './safe-read.ts';

/** Words that a type or a code has in an error, and not in a notice about progress. */
const errorWord =
  /error|exception|denied|invalid|exceeded|exhausted|overload|unavailable|unauth|forbidden|quota|limit(?:ed)?$|time_?out$|(?<!tool[_-])fail(?:ed|ure)?$/i;

/** Whether a JSON value that a provider sent says that something went wrong, in one of the shapes that vendors use. */
export function isErrorLike(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { error, errors, object, type, message, detail, code, status } = Object.fromEntries(
    names.map((name) => [name, fieldOf(value, name)]),
  );
  if (error || (Array.isArray(errors) && errors.length > 0) || isBlocked(value)) return true;
  if (object === 'error' || type === 'error' || status === 'failed') return true;
  if ([code, status, fieldOf(value, 'status_code'), fieldOf(value, 'statusCode')].some(isHttpError))
    return true;
  if (typeof (message ?? detail) !== 'string') return false;
  return [type, code, status, fieldOf(value, 'error_code')].some(
    (word) => typeof word === 'string' && errorWord.test(word),
  );
}

/** Google says so of a prompt that it does not answer. */
export const isBlocked = (value: unknown): boolean =>
  fieldOf(fieldOf(value, 'promptFeedback'), 'blockReason') != null;

const names = ['error', 'errors', 'object', 'type', 'message', 'detail', 'code', 'status'];

const isHttpError = (status: unknown): boolean =>
  /^[45]\d\d$/.test(typeof status === 'number' ? `${status}` : typeof status === 'string' ? status : '');
