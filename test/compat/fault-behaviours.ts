import { setTimeout } from 'node:timers/promises';
import { answers, closing, comment, completion, delta, finish, half, isRead, open } from './fault-server.ts';
import { opening, role, send, word, type Behaviour, type Scene } from './fault-server.ts';

/** Scaled down, but far from what a busy machine needs to answer. */
export const deadlines = { firstContentMs: 2000, idleMs: 2000, totalMs: 5000, deadlineMs: 30_000 };

export const whole = answers();
export const error = (type: string, code: string | null = null): object => ({
  error: { message: 'Refused.', type, param: null, code },
});
/** An error with a sentence that tells more than its type. */
export const saying = (message: string, type: string | null): object => ({
  error: { message, type, param: null, code: null },
});
export const limited = error('requests', 'rate_limit_exceeded');
export const failed = error('server_error');
/** In Azure's words. */
export const filtered = {
  error: {
    message:
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    type: null,
    param: 'prompt',
    code: 'content_filter',
    status: 400,
  },
};
export const tooLongForLlama = {
  error: {
    code: 400,
    message: 'request (9017 tokens) exceeds the available context size (512 tokens), try increasing it',
    type: 'exceed_context_size_error',
    n_prompt_tokens: 9017,
    n_ctx: 512,
  },
};

export const reset = ({ response }: Scene): unknown => response.socket!.resetAndDestroy();
/** The connection ends in order, but the answer does not. */
export const hangUp = ({ response }: Scene): unknown => response.socket!.end();
export const silence: Behaviour = () => {};

/** Half of an answer that is not streamed, and then something. */
export const halfBody =
  (then: Behaviour): Behaviour =>
  async (scene) => {
    open(scene);
    scene.response.write(JSON.stringify(completion(scene.words)).slice(0, 100));
    await isRead();
    return then(scene);
  };

/** The headers of a stream, and then something. */
export const afterHeaders =
  (then: Behaviour): Behaviour =>
  async (scene) => {
    open(scene);
    scene.response.write('\n');
    await isRead();
    return then(scene);
  };

/** Half of a streamed answer, and then something. */
export const afterHalf =
  (then: Behaviour): Behaviour =>
  async (scene) => {
    await opening(scene);
    return then(scene);
  };

/** Headers, and no body. */
export const nothing: Behaviour = (scene) => {
  open(scene);
  scene.response.end();
};

/** The end of a stream, without a finish reason before it. */
export const done: Behaviour = (scene) => {
  send(scene, '[DONE]');
  scene.response.end();
};

export const onlyDone: Behaviour = (scene) => {
  open(scene);
  return done(scene);
};

/** A whole answer, whose connection ends in order without the mark that it is over. */
export const withoutDone: Behaviour = async (scene) => {
  await opening(scene, scene.words.length);
  finish(scene);
  scene.response.end();
};

/** An event, and behind it an answer as if nothing had been; the connection is left to the client to close. */
export const eventAndMore =
  (data: unknown): Behaviour =>
  (scene) => {
    send(scene, data);
    for (const each of scene.words.slice(half)) word(scene, each);
    finish(scene);
  };

export const event =
  (data: unknown): Behaviour =>
  (scene) => {
    open(scene);
    return eventAndMore(data)(scene);
  };

/** Progress of a tool that the server runs: no chunk that the provider package can read. */
const progress = { tool: 'web_search', status: 'running' };

export const progressAndMore: Behaviour = (scene) => {
  send(scene, progress);
  for (const each of scene.words.slice(half)) word(scene, each);
  closing(scene);
};

export const progressFirst: Behaviour = (scene) => {
  open(scene);
  role(scene);
  send(scene, progress);
  for (const each of scene.words) word(scene, each);
  closing(scene);
};

/** Signs of life, and the first content later than anybody waits for it. */
export const lateStart: Behaviour = async (scene) => {
  open(scene);
  role(scene);
  for (let part = 0; part < 10; part++) {
    comment(scene);
    delta(scene, { content: '' });
    await lasts(scene, deadlines.firstContentMs / 4);
  }
  for (const each of scene.words) word(scene, each);
  closing(scene);
};

/** As slow as the deadlines allow: longer than each of them in all, but never silent for so long. */
export const slowStream: Behaviour = async (scene) => {
  open(scene);
  role(scene);
  for (const each of scene.words) {
    comment(scene);
    await lasts(scene, deadlines.idleMs * 0.4);
    word(scene, each);
  }
  closing(scene);
};

export const slowBody: Behaviour = async (scene) => {
  await lasts(scene, deadlines.totalMs * 0.4);
  return whole(scene);
};

/** Waits on the server for as long as the fault is meant to last, or until the client has left. */
async function lasts({ response }: Scene, ms: number): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  await setTimeout(ms, undefined, { signal: left.signal }).catch(() => {});
}
