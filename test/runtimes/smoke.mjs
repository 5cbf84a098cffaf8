// What holds in every runtime: run by scripts/test-runtimes.mjs in Bun, Deno and workerd, with the built package.
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import { cascade, decisionOf } from 'ai-alloy';

const never = () => new Promise((resolve) => setTimeout(resolve, 20_000, 'it never ends'));

/** A cascade of models that misbehave as their names say, the last one fine. */
function modelOf(url, names, options) {
  const openai = createOpenAI({ baseURL: url, apiKey: 'none' });
  const closed = createOpenAI({ baseURL: 'http://127.0.0.1:1/v1', apiKey: 'none' });
  const steps = names.map((id) => ({ id, model: id === 'nobody' ? closed.chat(id) : openai.chat(id) }));
  return cascade({ id: 'smoke', ...options, steps });
}

async function generate(model, rest) {
  try {
    const result = await generateText({ model, prompt: 'my secret', maxRetries: 0, ...rest });
    return { text: result.text, of: result };
  } catch (error) {
    return { text: '', error, of: error };
  }
}

async function stream(model, rest) {
  let [text, error, finish] = ['', undefined, undefined];
  const result = streamText({ model, prompt: 'my secret', maxRetries: 0, onError() {}, ...rest });
  try {
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'error') ({ error } = part);
      if (part.type === 'finish-step') finish = part;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { text, error, of: finish ?? error };
}

/** The attempts of a call in few words: `503: server-error, fine: answered`. */
const attemptsOf = (of) =>
  (decisionOf(of)?.attempts ?? [])
    .map(
      ({ id, outcome, failure, deadline }) =>
        `${id}: ${[failure ?? outcome, deadline].filter(Boolean).join(' ')}`,
    )
    .join(', ');

const leadOn = ['503', '429', 'page', 'nobody', 'resets', 'garbage', 'empty'];

/** Name, how to ask, whom, with which options, and what is to come of it: the text, and the attempts. */
const cases = [
  ...leadOn.flatMap((name) => [
    [`${name} leads on`, generate, [name, 'fine'], {}, 'Hello there', /fine: answered$/],
    [`${name} leads on`, stream, [name, 'fine'], {}, 'Hello there', /fine: answered$/],
  ]),
  [
    'a broken body leads on',
    generate,
    ['breaks half-way', 'fine'],
    {},
    'Hello there',
    /half-way: (network|malformed-response), fine/,
  ],
  [
    'a cut body leads on',
    generate,
    ['ends half-way', 'fine'],
    {},
    'Hello there',
    /half-way: malformed-response, fine/,
  ],
  [
    'a broken stream without content leads on',
    stream,
    ['breaks at once', 'fine'],
    {},
    'Hello there',
    /once: (network|malformed-response), fine/,
  ],
  [
    'a broken stream ends with its error',
    stream,
    ['breaks half-way', 'fine'],
    {},
    'Half',
    /^breaks half-way: (network|malformed-response)$/,
  ],
  [
    'a stream without an end ends with its error',
    stream,
    ['ends half-way', 'fine'],
    {},
    'Half',
    /^ends half-way: malformed-response$/,
  ],
  [
    'buffer: nobody sees a broken stream',
    stream,
    ['breaks half-way', 'fine'],
    { afterContent: 'buffer' },
    'Hello there',
    /, fine: answered$/,
  ],
  [
    'buffer: nobody sees a cut stream',
    stream,
    ['ends half-way', 'fine'],
    { afterContent: 'buffer' },
    'Hello there',
    /, fine: answered$/,
  ],
  [
    'totalMs',
    generate,
    ['silent', 'fine'],
    { totalMs: 300 },
    'Hello there',
    /^silent: timeout totalMs, fine: answered$/,
  ],
  [
    'firstContentMs',
    stream,
    ['silent', 'fine'],
    { firstContentMs: 300 },
    'Hello there',
    /^silent: timeout firstContentMs, fine/,
  ],
  [
    'idleMs',
    stream,
    ['silent half-way', 'fine'],
    { idleMs: 300 },
    'Half',
    /^silent half-way: timeout idleMs$/,
  ],
  [
    'idleMs, buffered',
    stream,
    ['silent half-way', 'fine'],
    { idleMs: 300, afterContent: 'buffer' },
    'Hello there',
    /idleMs, fine: answered$/,
  ],
  ['deadlineMs', generate, ['silent', 'fine'], { deadlineMs: 300 }, '', /^silent: timeout deadlineMs$/],
  ['deadlineMs', stream, ['silent', 'fine'], { deadlineMs: 300 }, '', /^silent: timeout deadlineMs$/],
  [
    'retries',
    generate,
    ['503', 'fine'],
    { retries: 1 },
    'Hello there',
    /^503: server-error, 503: server-error, fine/,
  ],
];

/** What is wrong with a case; undefined if nothing is. */
async function wrongWith(url, [, ask, names, options, text, attempts]) {
  const told = await Promise.race([ask(modelOf(url, names, options)), never()]);
  if (typeof told === 'string') return told;
  const said = attemptsOf(told.of);
  const hasFailed = !said.endsWith('answered');
  if (told.text === text && attempts.test(said) && hasFailed === (told.error !== undefined)) return undefined;
  return `"${told.text}" (${said}) ${told.error ?? ''}`;
}

/** An abort of the caller's ends the call at once, and leads on to nobody. */
async function wrongWithAbort(url, ask) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('the caller left')), 100);
  const heard = [];
  const model = modelOf(url, ['silent', 'fine'], { onDecision: (decision) => heard.push(decision) });
  const told = await Promise.race([ask(model, { abortSignal: controller.signal }), never()]);
  const outcomes = heard.map(({ attempts }) => attempts?.map(({ outcome }) => outcome).join());
  return outcomes.join() === 'aborted' ? undefined : `${outcomes} ${told.error ?? told}`;
}

/** An error of ours, printed as this runtime does, shows nothing of the prompt. */
async function wrongWithPrinting(url, print) {
  const { error } = await generate(modelOf(url, ['503', '500'], {}));
  const printed = print(error);
  if (/secret/.test(printed)) return `it shows the prompt: ${printed}`;
  return /503: server-error/.test(printed) ? undefined : `it shows no failures: ${printed}`;
}

/** Runs all cases; resolves to their names, and to what is wrong with each. */
export async function smoke(url, print) {
  const modes = [generate, stream];
  const all = [
    ...cases.map((each) => [`${each[1].name}: ${each[0]}`, () => wrongWith(url, each)]),
    ...modes.map((ask) => [`${ask.name}: the caller's abort`, () => wrongWithAbort(url, ask)]),
    ['a printed error shows no prompt', () => wrongWithPrinting(url, print)],
  ];
  const results = [];
  for (const [name, run] of all)
    results.push({ name, wrong: await run().catch((error) => `it throws ${error?.stack ?? error}`) });
  return results;
}
