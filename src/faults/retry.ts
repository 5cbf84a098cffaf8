import { onAbort } from './abort-listeners.ts';
import type { Failure } from './failure.ts';

/** The maximum of the first backoff; it doubles with each retry. */
const firstBackoffMs = 500;
const maxBackoffMs = 30_000;
/** A call never waits for a longer Retry-After, whatever a provider asks for. */
const maxWaitMs = 60_000;

/** What decides whether the same member is retried. */
export interface Retrying {
  readonly failure: Failure;
  /** How many attempts on the member failed before this one. */
  readonly tries: number;
  /** The longest Retry-After to wait for, in milliseconds: `maxRetryAfterMs` while another member is ready. */
  readonly patience: number;
  /** Milliseconds left until the deadline of the whole call. */
  readonly left: number;
}

/** Milliseconds to wait before the same member is retried: its Retry-After plus a backoff. Undefined: don't retry. */
export function retryDelay({ failure, tries, patience, left }: Retrying): number | undefined {
  if (!mayPass(failure)) return undefined;
  const { retryAfterMs = 0 } = failure;
  // Full jitter, so that callers that failed at the same time don't all retry at the same time.
  const delay = retryAfterMs + Math.random() * Math.min(maxBackoffMs, firstBackoffMs * 2 ** tries);
  return delay < left && retryAfterMs <= Math.min(patience, maxWaitMs) ? delay : undefined;
}

/** Whether the same call may succeed later. After our own timeout the member isn't retried, but after a 408 or 504 it is. */
function mayPass({ kind, statusCode, exceedsRateLimit }: Failure): boolean {
  if (exceedsRateLimit) return false;
  if (kind === 'timeout') return statusCode !== undefined;
  return /^(rate-limit|server-error|network|malformed-response|rejected)$/.test(kind);
}

/** Waits; rejects with the abort reason as soon as the signal aborts. Always removes its timer and listener. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      removeListener?.();
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      removeListener?.();
      resolve();
    }, ms);
    const removeListener = signal && onAbort(signal, abort);
    if (signal?.aborted) abort();
  });
}
