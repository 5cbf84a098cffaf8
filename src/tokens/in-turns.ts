/** Milliseconds that steps may run before they yield to the event loop. */
const longestMs = 15;

/**
 * Runs the steps that compute a value. If they take long, yields to the event loop in between, so that other requests
 * go on, and stops when `signal` aborts.
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
