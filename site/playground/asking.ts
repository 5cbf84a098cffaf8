import type { Question } from './engine.ts';
import type { Asking, Replying } from './worker.ts';

/**
 * Asks the worker. While it is busy, only the latest question waits: each move of a slider asks one.
 *
 * @param onReply gets the reply to the latest question that was asked, and some before it
 */
export function createAsking(onReply: (reply: Replying['reply']) => void) {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  let waiting: Question | undefined;
  let isBusy = false;
  let number = 0;
  const send = (question: Question): void => {
    isBusy = true;
    worker.postMessage({ number: ++number, question } satisfies Asking, []);
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Replying>) => {
    isBusy = false;
    const next = waiting;
    waiting = undefined;
    if (next) send(next);
    onReply(data.reply);
  });
  worker.addEventListener('error', ({ message }) => {
    isBusy = false;
    onReply({ type: 'error', message: message || 'the library could not be loaded' });
  });
  return {
    ask(question: Question): void {
      if (isBusy) waiting = question;
      else send(question);
    },
    end: (): void => worker.terminate(),
  };
}
