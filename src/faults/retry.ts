import { onAbort } from './abort-listeners.ts';
import type { Failure } from './failure.ts';

/** The first wait is at most this long, and each after it at most twice as long as the one before. */
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** Nobody waits longer than this within a call, whatever a provider asks for. */
const longestWaitMs = 60_000;

/** What decides about another try of the same member. */
export interface Retrying {
  readonly failure: Failure;
  /** How many tries there were before this one failed. */
  readonly tries: number;
  /** The longest Retry-After to wait for, in milliseconds, where another member could take over at once. */
  readonly patience: number;
  /** Milliseconds left of the call's own deadline. */
  readonly left: number;
}

/** Milliseconds to wait before the same member is tried again: what it asks for, and a backoff. Undefined: don't. */
export function retryDelay({ failure, tries, patience, left }: Retrying): number | undefined {
  if (!mayPass(failure)) return undefined;
  const { retryAfterMs = 0 } = failure;
  // Full jitter: callers that failed together, and were told the same, don't come back together.
  const delay = retryAfterMs + Math.random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** tries);
  return delay < left && retryAfterMs <= Math.min(patience, longestWaitMs) ? delay : undefined;
}

/** Whether the same call may succeed a little later. Who stayed silent isn't asked again; a 408 or 504 is an answer. */
function mayPass({ kind, statusCode, exceedsRateLimit }: Failure): boolean {
  if (exceedsRateLimit) return false;
  if (kind === 'timeout') return statusCode !== undefined;
  return /^(rate-limit|server-error|network|malformed-response)$/.test(kind);
}

/** Waits; rejects with the reason of an abort as soon as there is one. Leaves neither timer nor listener. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      unhear?.();
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      unhear?.();
      resolve();
    }, ms);
    const unhear = signal && onAbort(signal, abort);
    if (signal?.aborted) abort();
  });
}
