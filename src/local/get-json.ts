import { isObject } from '../found.ts';

/** An object of JSON. */
export type Json = Readonly<Record<string, any>>; // what servers answer, read by shape

/** Asks one server for objects. */
export interface Get {
  /** The object at a path, whatever the status; undefined where there is none. */
  (path: string): Promise<Json | undefined>;
  readonly state: {
    /** Why there is no use in asking further. */
    readonly failure?: string;
    /** That it wants a key, at some path at least. */
    readonly denied?: string;
  };
}

/** Where to ask, and how. */
interface Server {
  readonly root: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
}

/** One deadline for all that is asked. */
export function getter({ root, apiKey, timeoutMs }: Server): Get {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = {
    accept: 'application/json',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const state: { failure?: string; denied?: string } = {};
  const get = async (path: string): Promise<Json | undefined> => {
    if (state.failure !== undefined) return undefined;
    try {
      const response = await fetch(root + path, { headers, signal });
      const { status } = response;
      if (status === 401 || status === 403) {
        state.denied = `it wants ${apiKey === undefined ? 'an' : 'another'} API key (status ${status}): pass it as apiKey`;
      }
      return parsed(await response.text());
    } catch (error) {
      state.failure = signal.aborted
        ? `it did not answer within ${timeoutMs} ms: start it`
        : `it can't be asked (${reasonOf(error)}): start it`;
      return undefined;
    }
  };
  return Object.assign(get, { state });
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Not the message, which may have the address or the key in it. */
function reasonOf(error: unknown): string {
  const { name, cause } = Object(error) as { readonly name?: string; readonly cause?: { code?: string } };
  return cause?.code ?? String(name);
}
