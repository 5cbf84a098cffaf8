import { cascade } from 'ai-alloy';
import { tiktoken } from 'ai-alloy/tiktoken';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { countOf, beginConversation, rebuilt, stringsOf } from './conversation.mjs';
import { inTurn, inUnit, print, quantile } from './measure.mjs';

const turns = 121;
const tokens = 185_000;
const rounds = 5;

// An application's own messages come back as they are, unless said otherwise.
const same = (messages) => messages;
const shapes = {
  'cascade, messages made anew': rebuilt,
  'cascade, fresh JSON': (messages) => JSON.parse(JSON.stringify(messages)),
};

/** What all decisions of one long conversation cost together, end to end. */
export async function agent() {
  const history = await beginConversation(tokens);
  const { prompt } = history;
  const prompts = Array.from({ length: turns }, (_, turn) =>
    prompt.slice(0, Math.ceil((prompt.length * (turn + 1)) / turns)),
  );
  const reported = prompts.map(countOf);
  let turn = 0;
  const bare = {
    specificationVersion: 'v4',
    provider: 'openai.chat',
    modelId: 'gpt-5',
    supportedUrls: {},
    doStream: () => Promise.reject(new Error('not measured')),
    async doGenerate() {
      const total = reported[turn];
      const inputTokens = { total, noCache: total, cacheRead: 0, cacheWrite: 0 };
      return {
        content: [{ type: 'text', text: 'Fine.' }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: { inputTokens, outputTokens: { total: 2, text: 2, reasoning: 0 } },
        warnings: [],
      };
    },
  };
  const steps = [
    { model: bare, contextWindow: Math.ceil(tokens * 1.1) }, // near, so that the last turns are counted exactly
    { model: bare, contextWindow: 1_000_000 },
  ];
  const own = tiktoken();
  await own.load();
  const variants = {
    'bare model': () => bare,
    'cascade, the default': () => cascade({ steps }),
    'cascade, without anchors': () => cascade({ steps, anchor: false }),
    'cascade, tiktoken()': () => cascade({ steps, estimator: own, anchor: false }),
    'cascade, messages made anew': () => cascade({ steps }),
    'cascade, fresh JSON': () => cascade({ steps }),
  };
  const totals = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  const lasts = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, make] of inTurn(Object.entries(variants), round + 1)) {
      const model = make();
      // Strings of its own, so that no round profits from the one before.
      const fresh = JSON.parse(JSON.stringify(prompt));
      let total = 0;
      let last = 0;
      for (turn = 0; turn < turns; turn++) {
        const messages = fresh.slice(0, prompts[turn].length);
        const call = { prompt: (shapes[name] ?? same)(messages), maxOutputTokens: 2000 };
        const started = process.hrtime.bigint();
        await model.doGenerate(call);
        last = Number(process.hrtime.bigint() - started);
        total += last;
      }
      if (round < 0) continue;
      totals[name].push(total);
      lasts[name].push(last);
    }
  }
  const naive = new Tiktoken(o200k);
  const started = process.hrtime.bigint();
  for (const text of stringsOf(prompt)) naive.encode(text, [], []);
  const once = Number(process.hrtime.bigint() - started);
  print(
    `A conversation of ${turns} turns and ${history.tokens.toLocaleString('en')} tokens (${rounds} rounds)`,
    [
      ['', 'all turns', 'a turn', 'the last turn'],
      ...Object.keys(variants).map((name) => {
        const total = quantile(totals[name], 0.5);
        return [name, inUnit(total), inUnit(total / turns), inUnit(quantile(lasts[name], 0.5))];
      }),
      ['js-tiktoken, counting everything', '', '', inUnit(once)],
    ],
  );
}
