// Counts tokens of texts with different estimators, and of a conversation: first estimated, then as reported.
import { generateText, type ModelMessage } from 'ai';
import { cascade, charRatio, decisionOf, scriptAware } from 'ai-alloy';
import { tiktoken } from 'ai-alloy/tiktoken';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

const exact = tiktoken({ safetyMargin: 1 });
await exact.load?.(); // a primitive does this by itself when a request comes near a ceiling
const texts = {
  English: realText('ai/README.md'),
  TypeScript: realText('ai/src/generate-text/generate-text.ts'),
  Chinese: '今天天气很好，我们去公园散步吧。听说那里的樱花已经开了。'.repeat(40),
  numbers: Array.from({ length: 500 }, (_, index) => (index * 7919) % 10_007).join(','),
};
console.log(
  `${'tokens'.padEnd(12)}${'exact'.padStart(8)}${'scripts'.padStart(9)}${'3.5 characters'.padStart(16)}`,
);
for (const [name, text] of Object.entries(texts)) {
  const [real, scripts, ratio] = [exact, scriptAware(), charRatio()].map((each) => each.estimateText(text));
  console.log(
    `${name.padEnd(12)}${String(real).padStart(8)}${String(scripts).padStart(9)}${String(ratio).padStart(16)}`,
  );
}

const { openai, close } = await connect({ 'gpt-4.1': {}, ollama: { cutsTo: 2050 } });
const model = cascade({ steps: [{ model: openai('gpt-4.1'), contextWindow: 1_000_000 }] });
const messages: ModelMessage[] = [{ role: 'user', content: texts.TypeScript }];
console.log('\nA conversation, turn by turn:');
for (const question of ['What does it do?', 'Who calls it?']) {
  messages.push({ role: 'user', content: question });
  const result = await generateText({ model, messages });
  const { input, basis } = decisionOf(result)!.candidates[0]!.demand;
  console.log(`  ${input} tokens, ${basis}; reported: ${result.usage.inputTokens}`);
  messages.push({ role: 'assistant', content: result.text });
}

globalThis.AI_SDK_LOG_WARNINGS = false; // printed here instead
const local = cascade({ id: 'local', steps: [{ model: openai('ollama'), contextWindow: '32K' }] });
const { warnings } = await generateText({ model: local, prompt: texts.TypeScript });
const [warning] = warnings ?? [];
console.log(
  `\nA server that truncates prompts:\n  ${warning?.type === 'other' ? warning.message : 'no warning'}`,
);
await close();
