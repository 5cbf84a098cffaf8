/** Whether `value` is an object or a function, of this realm or another. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * A wrong value, as an error message may show it. API keys, addresses and prompts are longer than the words and
 * numbers that options take, so of a long text only its length is shown.
 */
export class Found {
  readonly shown: string;
  /** Undefined where it may be a secret. */
  readonly value: unknown;

  constructor(shown: string, value?: unknown) {
    this.shown = shown;
    this.value = value;
  }
}

const maxWordLength = 31;

/** How API keys of model providers, GitHub, Slack, AWS and Google begin, and the headers that carry them. */
const isKey =
  /^(?:(?:[spr]k|gsk|hf|xai|key|token|bearer|basic|gh[a-z]|xox[a-z])[-_ ]|AIza|AKIA|eyJ)[\w-]{4}/i;
/** Whether a text begins as keys of well-known services do. */
export const looksLikeKey = (text: string): boolean => isKey.test(text);

const maxNameLength = 200;

/** How to show a value where a word, a number or an object was expected. */
export function found(value: unknown): Found {
  if (isObject(value) || typeof value === 'symbol') return foundSecret(value); // a symbol shows its text
  if (typeof value !== 'string') return new Found(String(value), value);
  if (value.includes('://')) return new Found('a URL');
  if (isKey.test(value)) return foundSecret(value);
  if (value.length > maxWordLength) return new Found(`a string of ${value.length} characters`);
  return new Found(JSON.stringify(value), value);
}

/** How to show the name of a model, a primitive or a file: whole, but without passwords in addresses. */
export function foundName(name: string, maxLength: number = maxNameLength): Found {
  const plain = withoutCredentials(name);
  const cut = plain.length > maxLength ? `${plain.slice(0, maxLength)}…` : plain;
  return new Found(JSON.stringify(cut), plain === name ? name : undefined);
}

/**
 * How to show a value where an object or a function was expected: a string there may be a key or a password, however
 * short, so it is not shown.
 */
export const foundInstead = (value: unknown): Found =>
  typeof value === 'string' ? foundSecret(value) : found(value);

/** How to show a value that may be a secret: only what kind of value it is. */
export const foundSecret = (value: unknown): Found => new Found(kindOf(value));

/** The text, with user names, passwords and queries removed from the addresses in it. */
export const withoutCredentials = (text: string): string =>
  text.replaceAll(/:\/\/\S*@/g, '://…@').replaceAll(/(:\/\/[^\s?#"]*)[?#][^\s"]*/g, '$1?…');

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === undefined || value === null) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
