/// <reference lib="webworker" />
import { answerTo, type Question, type Reply } from './engine.ts';

/** A question with a number, and its reply. */
export interface Asking {
  readonly number: number;
  readonly question: Question;
}
export interface Replying {
  readonly number: number;
  readonly reply: Reply | { readonly type: 'error'; readonly message: string };
}

// Warnings are shown on the page.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
// Backoffs before retries are random parts of a longest wait. Nobody wants to wait here.
Math.random = () => 0;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
/** One after the other: they set the clock of this worker. */
let last: Promise<unknown> = Promise.resolve();
scope.addEventListener('message', ({ data }: MessageEvent<Asking>) => {
  last = answerAfter(last, data);
});

async function answerAfter(before: Promise<unknown>, { number, question }: Asking): Promise<void> {
  await before;
  scope.postMessage({ number, reply: await replyTo(question) } satisfies Replying, []);
}

async function replyTo(question: Question): Promise<Replying['reply']> {
  try {
    return await answerTo(question);
  } catch (error) {
    return { type: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}
