import { fieldOf, isRecord } from './safe-read.ts';

/** Words in the type or code of an error that don't occur in progress notices. */
const errorWord =
  /error|exception|denied|invalid|exceeded|exhausted|overload|unavailable|unauth|forbidden|quota|limit(?:ed)?$|time_?out$|(?<!tool[_-])fail(?:ed|ure)?$/i;

/** Whether a JSON value from a provider is an error, in one of the shapes that vendors use. */
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

/** Whether Google has blocked the prompt. */
export const isBlocked = (value: unknown): boolean =>
  fieldOf(fieldOf(value, 'promptFeedback'), 'blockReason') != null;

const names = ['error', 'errors', 'object', 'type', 'message', 'detail', 'code', 'status'];

const isHttpError = (status: unknown): boolean =>
  /^[45]\d\d$/.test(typeof status === 'number' ? `${status}` : typeof status === 'string' ? status : '');
