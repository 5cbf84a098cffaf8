/** Whether `value` is an object or a function, of this realm or another. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * What was found where something else was expected, as a message may show it. Keys, addresses and prompts are longer
 * than the words and numbers that options take, so of a longer text only the length is shown.
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

const longestWord = 31;

/** How keys of providers, GitHub, Slack, AWS and Google begin, and the headers that carry them. */
const isKey =
  /^(?:(?:[spr]k|gsk|hf|xai|key|token|bearer|basic|gh[a-z]|xox[a-z])[-_ ]|AIza|AKIA|eyJ)[\w-]{4}/i;
/** Whether a text begins as keys of well-known services do. */
export const looksLikeKey = (text: string): boolean => isKey.test(text);

const longestName = 200;

/** A value in the place of a word, a number or an object. */
export function found(value: unknown): Found {
  if (isObject(value) || typeof value === 'symbol') return foundSecret(value); // a symbol shows its text
  if (typeof value !== 'string') return new Found(String(value), value);
  if (value.includes('://')) return new Found('a URL');
  if (isKey.test(value)) return foundSecret(value);
  if (value.length > longestWord) return new Found(`a string of ${value.length} characters`);
  return new Found(JSON.stringify(value), value);
}

/** A name that somebody gave to a model, a primitive, a file: it is shown whole, but for passwords in addresses. */
export function foundName(name: string, longest: number = longestName): Found {
  const plain = withoutCredentials(name);
  const cut = plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
  return new Found(JSON.stringify(cut), plain === name ? name : undefined);
}

/** A value in the place of an object or a function: a text there may be a key or a password, however short. */
export const foundInstead = (value: unknown): Found =>
  typeof value === 'string' ? foundSecret(value) : found(value);

/** What may be a secret: only what kind of value it is. */
export const foundSecret = (value: unknown): Found => new Found(kindOf(value));

/** A text without the users, passwords and queries of addresses in it. */
export const withoutCredentials = (text: string): string =>
  text.replaceAll(/:\/\/\S*@/g, '://…@').replaceAll(/(:\/\/[^\s?#"]*)[?#][^\s"]*/g, '$1?…');

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === undefined || value === null) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
