// Type tests: compiled against the built declarations and ai 4, 5, 6 and 7, one after the other. Never run.
import { createOpenAI } from '@ai-sdk/openai';
import {
  customProvider,
  generateObject,
  generateText,
  streamObject,
  streamText,
  wrapLanguageModel,
  type LanguageModel,
} from 'ai';
import {
  alloy,
  byteRatio,
  cascade,
  charRatio,
  decisionOf,
  defaultFallThroughOn,
  dispatcher,
  explain,
  fitCheck,
  onDecision,
  recommended,
  seededRandom,
  type Decision,
  type DispatcherRule,
  type FailureKind,
  type RoutingModel,
  type RulePredicate,
  type Shorten,
  type TokenEstimator,
} from 'ai-alloy';
import { z } from 'zod';

const gpt = createOpenAI({})('gpt-5');

// Exported, so that a consumer's own declarations have to be able to name the type.
export const blend = alloy({
  constituents: [
    { model: gpt, contextWindow: 200_000, weight: 80 },
    { model: gpt, contextWindow: '1M', id: 'second' },
  ],
  minContextWindow: '128K',
  random: seededRandom(1),
});
export const steps = cascade({
  steps: [
    gpt,
    { model: blend, contextWindow: '200K' },
    { model: gpt, contextWindow: '8k', estimator: byteRatio() },
  ],
  fallThroughOn: [...defaultFallThroughOn, 'auth'],
  estimator: { charsPerToken: 3 },
});
export const smart = dispatcher({ targets: [gpt, blend, steps], order: 'smallest-first', fallback: true });

// A primitive is a model wherever the installed AI SDK takes one.
const model: LanguageModel = smart;
const schema = z.object({ city: z.string() });
void generateText({ model: blend, prompt: 'Hi' });
void streamText({ model: steps, prompt: 'Hi' });
void generateObject({ model: smart, schema, prompt: 'Hi' });
void streamObject({ model: smart, schema, prompt: 'Hi' });
void generateText({ model, prompt: 'Hi' });
void customProvider({ languageModels: { smart } }).languageModel('smart');
void wrapLanguageModel({
  model: smart,
  middleware: fitCheck({ contextWindow: 200_000, capacityFraction: 0.9 }),
});
void wrapLanguageModel({
  model: gpt,
  middleware: [fitCheck({ maxInputTokens: '128K', estimator: charRatio() })],
});
// A nested primitive brings its own ceiling.
void alloy({ constituents: [blend, { model: steps, weight: 2 }] });

const decision: Promise<Decision> = explain(smart, { prompt: 'Hi', maxRetries: 1 });
const reason: Decision | undefined = decisionOf(new Error());
const kinds: readonly FailureKind[] = defaultFallThroughOn;
const kind: 'alloy' | 'cascade' | 'dispatcher' = smart.kind;
const estimator: TokenEstimator = {
  id: 'one',
  estimateText: () => 1,
  estimateCall: ({ prompt }) => prompt.length,
};
const routing: RoutingModel = cascade({
  steps: [gpt],
  estimator,
  onDecision: ({ attempts }) => attempts?.[0]?.failure,
});
onDecision(({ outcome, usage, metadata }) => [outcome, usage?.inputTokens, metadata?.['tenant']])();
// @ts-expect-error -- a listener is removed by calling what onDecision returned
onDecision(undefined);
void [decision, reason, kinds, kind, routing];
cascade({ steps: [gpt], fallThroughOn: ['default', 'auth'] });
cascade({ steps: [gpt], acceptAnswer: ({ text, schema: own }) => !own || text.startsWith('{') || 'no JSON' });
cascade({
  steps: [gpt],
  acceptAnswer: async ({ toolCalls, usage, call }) =>
    toolCalls.length + (usage.outputTokens ?? 0) < call.prompt.length,
});

// An option may be undefined, also with exactOptionalPropertyTypes, with which this is compiled.
declare const prod: boolean;
const sized = {
  model: gpt,
  contextWindow: prod ? 1000 : undefined,
  capacityFraction: prod ? 0.9 : undefined,
};
const store = { get: () => undefined, set() {} };
void cascade({
  ...recommended,
  steps: [sized],
  idleMs: prod ? 60_000 : undefined,
  id: prod ? 'a' : undefined,
});
void alloy({ ...recommended, constituents: [blend, blend], random: prod ? seededRandom(1) : undefined });
void dispatcher({
  ...recommended,
  targets: [sized],
  rules: [{ when: prod ? { hasTools: prod ? true : undefined } : undefined, target: gpt }],
  session: prod ? { store, ms: prod ? 1 : undefined } : undefined,
  cooldown: prod ? recommended.cooldown : undefined,
});

// The call is that of the installed `ai`.
const lastMessages: Shorten = (call, { candidates }) =>
  candidates.length > 0 ? { ...call, prompt: call.prompt.slice(-2) } : undefined;
void cascade({ steps: [gpt], shorten: lastMessages });
void cascade({ steps: [gpt], shorten: async ({ prompt, ...call }) => ({ ...call, prompt }) });

// What must not compile.
// @ts-expect-error: a shortened call has a prompt
cascade({ steps: [gpt], shorten: () => ({}) });
// @ts-expect-error: an embedding model is no member
cascade({ steps: [createOpenAI({}).embedding('e')] });
// @ts-expect-error: a promise is no member
cascade({ steps: [Promise.resolve(gpt)] });
// @ts-expect-error: a provider is no member
cascade({ steps: [{ model: createOpenAI({}) }] });
// @ts-expect-error: at construction, one options object
cascade([gpt]);
// @ts-expect-error: the word is steps
cascade({ models: [gpt] });
// @ts-expect-error: a misspelt option
cascade({ steps: [{ model: gpt, contextwindow: 8000 }] });
// @ts-expect-error: a size is a number, or an integer with K or M
cascade({ steps: [{ model: gpt, contextWindow: '200000' }] });
// @ts-expect-error: weights are an alloy's
cascade({ steps: [{ model: gpt, weight: 2 }] });
// @ts-expect-error: a constituent declares its window
alloy({ constituents: [{ model: gpt }, { model: gpt, contextWindow: '8K' }] });
// @ts-expect-error: and so a bare model is none
alloy({ constituents: [gpt, gpt] });
// @ts-expect-error: no such strategy
alloy({ constituents: [blend, blend], strategy: 'random' });
// @ts-expect-error: no such order
dispatcher({ targets: [gpt], order: 'smallest' });
// @ts-expect-error: no such failure kind
cascade({ steps: [gpt], fallThroughOn: ['expired'] });
// @ts-expect-error: a verdict is given, not forgotten
cascade({ steps: [gpt], acceptAnswer: ({ text }) => void JSON.parse(text) });
// @ts-expect-error: an estimator needs an id
cascade({ steps: [gpt], estimator: { estimateText: () => 1 } });
// @ts-expect-error: a fit check has no steps
fitCheck({ steps: [] });
// @ts-expect-error: no model to be explained
void explain({ prompt: 'Hi' });

// predicates, synchronous or not; those that give something else are no predicates.
export const isLong: RulePredicate = ({ text }) => text.length > 100;
const asksElsewhere: RulePredicate = async ({ text, metadata }, { signal }) => {
  const response = await fetch('https://example.com', { signal, method: 'POST', body: text });
  return response.ok && metadata['tier'] === 'gold';
};
export const rules: DispatcherRule[] = [
  { when: isLong, target: gpt },
  { when: asksElsewhere, whenMs: 500, target: gpt },
  { when: { hasTools: true, predicate: asksElsewhere }, target: gpt },
  { when: async (request) => request.hasImages, target: gpt },
  // @ts-expect-error -- a promise of a text
  { when: async ({ text }) => text, target: gpt },
  // @ts-expect-error -- a function, not its answer
  { when: Promise.resolve(true), target: gpt },
  // @ts-expect-error -- milliseconds
  { when: isLong, whenMs: '500', target: gpt },
];
export const routedByRules = dispatcher({ rules, targets: [gpt] });
