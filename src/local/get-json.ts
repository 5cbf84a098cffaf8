import { isObject } from '../errors/found.ts';

/** An object of JSON. */
export type Json = Readonly<Record<string, any>>; // answers of several kinds of servers, read by their shape

/** Requests JSON objects from one server. */
export interface Get {
  /** The JSON object at a path, whatever the HTTP status; undefined if there is none. */
  (path: string): Promise<Json | undefined>;
  readonly state: {
    /** Why further requests are useless, such as a refused connection. */
    readonly failure?: string;
    /** Says that the server wants an API key, if it did so at any path. */
    readonly denied?: string;
  };
}

/** The server, and how to ask it. */
interface Server {
  readonly root: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
}

/** One timeout for all requests. */
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

/** The error's code or name, not its message, which may contain the address or the key. */
function reasonOf(error: unknown): string {
  const { name, cause } = Object(error) as { readonly name?: string; readonly cause?: { code?: string } };
  return cause?.code ?? String(name);
}
