import { examples } from './examples.ts';
import type { Question } from './engine.ts';
import { modelStates, type ModelState } from './model-state.ts';
import type { GatewayFormat } from '../../src/load/read-gateway-file.ts';

/** All that can be set on the page, and that its URL holds. */
export interface State {
  format: GatewayFormat;
  text: string;
  /** What is asked for; empty: the first id of the gateway. */
  id: string;
  tokens: number;
  /** How the prompt begins; empty: anyhow. */
  beginning: string;
  /** The limit of the answer in tokens; undefined: none. */
  maxOutputTokens: number | undefined;
  hasTools: boolean;
  hasImages: boolean;
  hasFiles: boolean;
  isJson: boolean;
  /** Entries such as `tier=gold`. */
  metadata: string[];
  /** A time in UTC, `2026-01-31T23:30`; empty: now. */
  at: string;
  models: Record<string, ModelState>;
}

export function initialState(): State {
  const [{ format, text, tokens }] = examples;
  return {
    format,
    text,
    id: '',
    tokens,
    beginning: '',
    maxOutputTokens: undefined,
    hasTools: false,
    hasImages: false,
    hasFiles: false,
    isJson: false,
    metadata: [],
    at: '',
    models: {},
  };
}

/** The fewest and the most tokens of a request here. A call with any text has 13 or more. */
export const tokenLimits = { least: 16, most: 2_000_000 } as const;

export function questionOf(state: State): Question {
  const { format, text, id, tokens, beginning, maxOutputTokens, at } = state;
  return {
    gateway: { text, format },
    ...(id && { id }),
    request: {
      tokens: `${tokens}`,
      ...(beginning && { text: beginning }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens: `${maxOutputTokens}` }),
      hasTools: state.hasTools,
      hasImages: state.hasImages,
      hasFiles: state.hasFiles,
      ...(state.isJson && { responseFormat: 'json' }),
      metadata: [...state.metadata],
    },
    ...(at && { at: `${at}Z` }),
    models: { ...state.models },
  };
}

/** What the URL holds: what differs from the initial state, and an example by its name instead of its text. */
function changesOf(state: State): object {
  const initial = Object.entries(initialState());
  const changed = initial.filter(
    ([key, value]) => JSON.stringify(state[key as keyof State]) !== JSON.stringify(value),
  );
  const all = Object.fromEntries(changed.map(([key]) => [key, state[key as keyof State]]));
  const example = examples.find(({ text, format }) => text === state.text && format === state.format);
  if (!example || !('text' in all)) return all;
  const { text: _, format: _format, ...rest } = all;
  return { example: example.name, ...rest };
}

/** The state for the URL's hash: JSON, compressed, in the alphabet of URLs. Empty for the initial state. */
export async function toHash(state: State): Promise<string> {
  const changes = changesOf(state);
  if (Object.keys(changes).length === 0) return '';
  const bytes = await through(
    new CompressionStream('deflate-raw'),
    new TextEncoder().encode(JSON.stringify(changes)),
  );
  const text = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The longest state that a link may hold, which somebody else has written. */
const mostBytes = 2_000_000;

/** The state of a URL's hash; undefined if it holds none, or one that can't be read. */
export async function fromHash(hash: string): Promise<State | undefined> {
  if (hash === '') return undefined;
  try {
    const text = atob(hash.replaceAll('-', '+').replaceAll('_', '/'));
    const compressed = Uint8Array.from(text, (each) => each.codePointAt(0)!);
    const bytes = await through(new DecompressionStream('deflate-raw'), compressed);
    return stateOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

async function through(
  transform: GenericTransformStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(transform as ReadableWritablePair)
    .getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    // A few bytes can decompress to gigabytes.
    if (length > mostBytes) throw new RangeError('too long');
    chunks.push(read.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** A state from data that somebody else may have written: whatever has another type than it should is left out. */
function stateOf(data: unknown): State {
  const { example: name, ...changes } = Object(data) as Record<string, unknown>;
  const initial = initialState();
  const example = examples.find((each) => each.name === name);
  const base: State = example ? { ...initial, text: example.text, format: example.format } : initial;
  const isRight: Record<keyof State, (value: unknown) => boolean> = {
    format: (value) => value === 'yaml' || value === 'toml' || value === 'json',
    text: isText,
    id: isText,
    tokens: isCount,
    beginning: isText,
    maxOutputTokens: isCount,
    hasTools: isBoolean,
    hasImages: isBoolean,
    hasFiles: isBoolean,
    isJson: isBoolean,
    metadata: (value) => Array.isArray(value) && value.every(isText),
    at: (value) => value === '' || isTime(value),
    models: (value) => Object(value) === value && Object.values(value as object).every(isModelState),
  };
  const right = Object.entries(changes).filter(
    ([key, value]) => Object.hasOwn(isRight, key) && isRight[key as keyof State](value),
  );
  const state = { ...base, ...Object.fromEntries(right) } as State;
  return { ...state, tokens: Math.min(tokenLimits.most, Math.max(tokenLimits.least, state.tokens)) };
}

/** A time such as `2026-01-31T23:30`, which there is. */
function isTime(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const time = Date.parse(`${value}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString() === `${value}:00.000Z`;
}

const isModelState = (value: unknown): boolean => (modelStates as readonly unknown[]).includes(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
