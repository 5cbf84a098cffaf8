import { fitCheck, scriptAware } from 'ai-alloy';
import { tiktoken } from 'ai-alloy/tiktoken';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { estimateTokenCount } from 'tokenx';
import { collectGarbage, inTurn, inUnit, measure, print, quantile } from './measure.mjs';
import { beginConversation, rebuilt, stringsOf } from './conversation.mjs';
import { textsOf } from './texts.mjs';

const rounds = 5;
const warmUpRounds = 1;
/** Characters of a text; there is less in the languages. */
const sizes = {
  'English prose': 10_000,
  'TypeScript and JavaScript': 10_000,
  Chinese: 2000,
  Japanese: 2000,
  Thai: 2000,
};
const windowsPerKind = 240;
/** Turns that a history grows by. */
const turns = 60;

const jsTiktoken = new Tiktoken(o200k);
const exact = tiktoken({ safetyMargin: 1 });
const scripts = scriptAware();
const anyText = { disallowedSpecial: new Set() };

const counters = {
  'js-tiktoken': (text) => jsTiktoken.encode(text, [], []).length,
  'gpt-tokenizer': (text) => countTokens(text, anyText),
  'tiktoken()': (text) => exact.estimateText(text),
  'tokenx (estimates)': (text) => estimateTokenCount(text),
  'scriptAware()': (text) => scripts.estimateText(text),
  'an empty charCodeAt loop': (text) => {
    let sum = 0;
    for (let index = 0; index < text.length; index++) sum += text.charCodeAt(index);
    return sum;
  },
};

/** What it costs to count a text for the first time, beside other libraries. */
export async function count() {
  await exact.load();
  const columns = [];
  for (const [kind, size] of Object.entries(sizes)) {
    const { [kind]: windows } = await textsOf([kind], size, windowsPerKind);
    columns.push([kind, ratiosFor(windows)]);
  }
  print('Counting a text for the first time: times faster than js-tiktoken', [
    ['', ...columns.map(([kind]) => kind)],
    ...Object.keys(counters).map((name) => [name, ...columns.map(([, ratios]) => ratios[name])]),
  ]);
  for (const [kind, windows] of Object.entries(await textsOf(['English prose', 'Chinese'], 2000, 100))) {
    const text = windows.join('\n').slice(0, 100_000);
    const names = ['an empty charCodeAt loop', 'scriptAware()'];
    const variants = Object.fromEntries(names.map((name) => [name, async () => counters[name](text)]));
    await measure({ title: `One pass over ${text.length} characters, ${kind}`, variants, calls: 20 });
  }
  runs();
}

/** Each round has texts of its own, so that no cache has seen them; the first rounds are to warm up. */
function ratiosFor(windows) {
  const perRound = Math.floor(windows.length / (rounds + warmUpRounds));
  if (perRound === 0) throw new Error(`bench: ${windows.length} texts are too few`);
  const entries = Object.entries(counters);
  const times = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds + warmUpRounds; round++) {
    const own = windows.slice(round * perRound, (round + 1) * perRound);
    for (const [name, countText] of inTurn(entries, round)) {
      collectGarbage({ type: 'minor' });
      const started = process.hrtime.bigint();
      for (const text of own) countText(text);
      if (round >= warmUpRounds) times[name].push(Number(process.hrtime.bigint() - started));
    }
  }
  const { 'js-tiktoken': base } = times;
  return Object.fromEntries(
    entries.map(([name]) => {
      const ratio = quantile(
        times[name].map((time, round) => base[round] / time),
        0.5,
      );
      return [name, `×${ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0)}`];
    }),
  );
}

/** Runs without a boundary, which make other tokenizers quadratic. */
function runs() {
  const kinds = { a: 'a', spaces: ' ', '=': '=', Chinese: '中文字符', Thai: 'ไทย', emoji: '😀' };
  const time = (text) => {
    const times = Array.from({ length: 5 }, () => {
      const started = process.hrtime.bigint();
      exact.estimateText(text);
      return Number(process.hrtime.bigint() - started);
    });
    return inUnit(quantile(times, 0.5));
  };
  const repeat = (unit, length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  print('tiktoken() on a run of one thing, median of five', [
    ['', '10,000', '1,000,000 characters'],
    ...Object.entries(kinds).map(([kind, unit]) => [kind, time(repeat(unit, 1e4)), time(repeat(unit, 1e6))]),
  ]);
}

/** What it costs to decide about a conversation that has grown by a turn, or not at all. */
export async function growth() {
  await exact.load();
  for (const length of [100_000, 1_000_000]) {
    const history = await beginConversation(length);
    const naive = [];
    for (let round = 0; round < 3; round++) {
      const started = process.hrtime.bigint();
      for (const text of stringsOf(history.prompt)) jsTiktoken.encode(text, [], []);
      naive.push(Number(process.hrtime.bigint() - started));
    }
    const base = quantile(naive, 0.5);
    const rows = [['js-tiktoken on everything', inUnit(base), '×1']];
    for (const estimator of [exact, scripts]) await grow(history, estimator); // to warm up, on turns of its own
    for (const [name, estimator] of [
      ['tiktoken()', exact],
      ['scriptAware()', scripts],
    ]) {
      for (const [what, times] of Object.entries(await grow(history, estimator))) {
        const median = quantile(times, 0.5);
        rows.push([`${name}, ${what}`, inUnit(median), `×${Math.round(base / median).toLocaleString('en')}`]);
      }
    }
    print(`A decision on a history of ${length.toLocaleString('en')} tokens: times faster than js-tiktoken`, [
      ['', 'median', ''],
      ...rows,
    ]);
  }
}

/** Nanoseconds of decisions on a history that is as it was, and on one that has a turn more, in turn. */
async function grow(history, estimator) {
  let { prompt } = history;
  let tokens = sumOf(estimator, prompt);
  const times = { unchanged: [], 'and one more turn': [] };
  collectGarbage(); // of everything that was counted before
  await decide(estimator, prompt, tokens);
  for (let round = 0; round < turns; round++) {
    for (let again = 0; again < 5; again++) times.unchanged.push(await decide(estimator, prompt, tokens));
    const turn = history.nextTurn();
    prompt = [...prompt, ...turn];
    tokens += sumOf(estimator, turn);
    times['and one more turn'].push(await decide(estimator, prompt, tokens));
  }
  return times;
}

const sumOf = (estimator, prompt) =>
  stringsOf(prompt).reduce((sum, text) => sum + estimator.estimateText(text), 0);

/** Nanoseconds that a decision takes at a ceiling so near that no bound settles it. */
async function decide(estimator, prompt, tokens) {
  const framing = 8 + prompt.length * 8; // and the names of tools
  const check = fitCheck({ contextWindow: tokens + framing + 100, defaultOutputTokens: 1, estimator });
  const params = { prompt: rebuilt(prompt) };
  const started = process.hrtime.bigint();
  await check.transformParams({ params });
  return Number(process.hrtime.bigint() - started);
}
