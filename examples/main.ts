// All three primitives together, on real text of growing size; `npm start` runs this.
// The models have small context windows, and one is down. Needs neither network nor API key.
import { streamText } from 'ai';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  seededRandom,
  type Decision,
} from 'ai-alloy';
import { demandOf, linesOf } from './support/decision-lines.ts';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

// A skipped step is also an AI SDK warning. This program prints decisions instead.
globalThis.AI_SDK_LOG_WARNINGS = false;

const { openai, url, close } = await connect({
  'local-8k': { holds: 8 * 1024 },
  'mist-32k': { holds: 32 * 1024 },
  'gale-32k': { holds: 32 * 1024 },
  'flagship-160k': { fails: 503 },
  // Like `llama-server -c 65536 -np 2`: 64K for two parallel slots, so each request has half of that.
  'standby-64k': { holds: 32 * 1024 },
  'archive-160k': { holds: 160 * 1024 },
});

const blend = alloy({
  id: 'blend',
  constituents: [
    { id: 'mist', model: openai('mist-32k'), contextWindow: '32K', weight: 2 },
    { id: 'gale', model: openai('gale-32k'), contextWindow: '32K' },
  ],
  random: seededRandom(3), // draws the same constituents in every run
});

const long = cascade({
  id: 'long',
  steps: [
    { id: 'flagship', model: openai('flagship-160k'), contextWindow: '160K' },
    { id: 'standby', model: openai('standby-64k'), contextWindow: '64K' },
    { id: 'archive', model: openai('archive-160k'), contextWindow: '160K' },
  ],
});

const smart = dispatcher({
  id: 'smart',
  targets: [
    { id: 'local', model: openai('local-8k'), contextWindow: '8K', capacityFraction: 0.75 },
    blend,
    long,
  ],
});

const source = 'ai/src/generate-text';
const requests = [
  ['./package.json'],
  ['ai/README.md'],
  [`${source}/stream-text-result.ts`],
  [`${source}/generate-text.ts`],
  [`${source}/stream-text.ts`],
  ['ai/CHANGELOG.md'],
  ['ai/CHANGELOG.md', `${source}/stream-text.ts`, `${source}/generate-text.ts`],
];

/** Streams one answer; returns it with the decision from the stream's metadata. */
async function ask(text: string): Promise<{ answer: string; pieces: number; decision: Decision }> {
  const result = streamText({
    model: smart,
    instructions: 'Say in one short sentence what this is.',
    prompt: text,
    maxOutputTokens: 512,
    onError: () => {}, // the error is also a part of the stream, where it is thrown below
  });
  let answer = '';
  let pieces = 0;
  let decision: Decision | undefined;
  for await (const part of result.stream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'finish-step') decision = decisionOf(part);
    if (part.type === 'text-delta') {
      answer += part.text;
      pieces++;
    }
  }
  if (!decision) throw new Error('The answer came without a decision.');
  return { answer, pieces, decision };
}

console.log(`dispatcher "smart": local, else blend (an alloy), else long (a cascade)\nat ${url}\n`);
const answered: number[] = [];
const refused: number[] = [];
for (const [index, files] of requests.entries()) {
  console.log(`${index + 1}. ${files.map((file) => file.replace(`${source}/`, '')).join(' + ')}`);
  try {
    const { answer, pieces, decision } = await ask(files.map(realText).join('\n'));
    answered.push(index);
    print([
      `needs ${demandOf(decision)}`,
      ...linesOf(decision),
      `“${answer.replaceAll(/\s+/g, ' ').slice(0, 65)}”, streamed in ${pieces} pieces`,
    ]);
  } catch (error) {
    const decision = decisionOf(error);
    print([
      ...(decision ? [`needs ${demandOf(decision)}`, ...linesOf(decision)] : []),
      ...wrap(String(error)),
    ]);
    if (ContextWindowExceededError.isInstance(error)) refused.push(index);
    else process.exitCode = 1; // no other error is expected here
  }
}
await close();

console.log(`${answered.length} answered, ${refused.length} refused before anything was sent.`);
// Only the last request is too large for every model.
if (refused.join() !== `${requests.length - 1}`) process.exitCode = 1;

function print(lines: readonly string[]): void {
  console.log(`${lines.map((line) => `   ${line}`).join('\n')}\n`);
}

function wrap(text: string): string[] {
  return text.match(/\S.{0,92}(?=\s|$)/g) ?? [];
}
