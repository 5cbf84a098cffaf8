/** Milliseconds for which steps may go on before the event loop gets its turn. */
const longestMs = 15;

/**
 * Takes the steps to a value at once, if that is short. Else in turns of the event loop, so that other requests go on,
 * until `signal` says that nobody waits for it any more.
 */
export function inTurns<Value>(
  steps: Generator<unknown, Value>,
  signal: AbortSignal | undefined,
): Value | Promise<Value> {
  const last = takeSteps(steps);
  return last.done ? last.value : takeTurns(steps, signal);
}

function takeSteps<Value>(steps: Generator<unknown, Value>): IteratorResult<unknown, Value> {
  const until = performance.now() + longestMs;
  let step = steps.next();
  while (!step.done && performance.now() < until) step = steps.next();
  return step;
}

async function takeTurns<Value>(
  steps: Generator<unknown, Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    const step = takeSteps(steps);
    if (step.done) return step.value;
  }
}
