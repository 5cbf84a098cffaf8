/** Awaits a promise, or rejects with the abort's reason as soon as there is one. */
export type Race = <Value>(promise: PromiseLike<Value>) => Promise<Value>;

/**
 * Runs `work`, which gives up whatever it awaits through `race` as soon as the caller aborts, even if a
 * model ignores its signal. Leaves no listener on the signal.
 */
export function whileNotAborted<Value>(
  signal: AbortSignal | undefined,
  work: (race: Race) => Promise<Value>,
): Promise<Value> {
  return signal ? raceAbort(signal, work) : work((promise) => promise as Promise<never>);
}

async function raceAbort<Value>(signal: AbortSignal, work: (race: Race) => Promise<Value>): Promise<Value> {
  signal.throwIfAborted();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  aborted.catch(() => {}); // nobody may be racing when it happens
  signal.addEventListener('abort', onAbort);
  try {
    return await work((promise) => Promise.race([promise, aborted]));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
