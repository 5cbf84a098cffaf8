// A cheap model decides where a request goes: an asynchronous rule, with a cache of its answers.
import { generateText } from 'ai';
import { decisionOf, dispatcher, type RulePredicate } from 'ai-alloy';
import { connect } from './support/offline-server.ts';

const { openai, close } = await connect({
  // Offline, this stands for the classifier: what looks like code is code.
  'gpt-5-nano': {
    answer: ({ messages }) => ({ content: /[{};]/.test(`${messages.at(-1)?.content}`) ? 'code' : 'chat' }),
  },
  'gpt-5-codex': {},
  'gpt-5-mini': {},
});

const answers = new Map<string, boolean>();

const isAboutCode: RulePredicate = async ({ text }, { signal }) => {
  const known = answers.get(text);
  if (known !== undefined) return known;
  const { text: answer } = await generateText({
    model: openai('gpt-5-nano'),
    instructions: 'Is this message about program code? Answer with one word: code or chat.',
    prompt: text.slice(0, 4000), // the beginning says enough
    maxRetries: 0, // there is no time for retries
    abortSignal: signal, // aborts after whenMs, and when the caller aborts
  });
  const isCode = /\bcode\b/i.test(answer);
  if (answers.size === 1000) answers.delete(answers.keys().next().value!);
  answers.set(text, isCode);
  return isCode;
};

const codex = openai('gpt-5-codex');
const smart = dispatcher({
  id: 'smart',
  rules: [
    // Read in order: a gold customer's request doesn't wait for the classifier.
    { id: 'gold', when: { metadata: { tier: 'gold' } }, target: codex },
    { id: 'code', when: { maxInputTokens: '50K', predicate: isAboutCode }, whenMs: 2000, target: codex },
  ],
  targets: [{ model: openai('gpt-5-mini'), contextWindow: 400_000 }],
});

const hello = 'Hello, how are you?';
const code = 'const sum = (a, b) => { return a - b; }; // why is this wrong?';
for (const [prompt, tier] of [
  [hello, 'free'],
  [code, 'free'],
  [code, 'free'],
  [hello, 'gold'],
] as const) {
  const known = answers.size;
  const result = await generateText({ model: smart, prompt, providerOptions: { 'ai-alloy': { tier } } });
  const { answeredBy, rule = 'none' } = decisionOf(result)!;
  console.log(`rule ${rule}: ${answeredBy}${answers.size > known ? ', after asking the classifier' : ''}`);
}
await close();
