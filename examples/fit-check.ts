// The fit check on one plain model: what is too large is refused, not sent.
import { generateText, wrapLanguageModel } from 'ai';
import { ContextWindowExceededError, decisionOf, fitCheck } from 'ai-alloy';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

const { openai, close } = await connect({ 'qwen3-8b': { holds: 32_768 } });

const model = wrapLanguageModel({
  model: openai('qwen3-8b'),
  // 85 % of 32,768 tokens for prompt and answer; the rest is a reserve for what no estimate can see.
  middleware: fitCheck({ contextWindow: '32K', capacityFraction: 0.85 }),
});

for (const name of ['ai/README.md', 'ai/CHANGELOG.md']) {
  try {
    const { text } = await generateText({ model, prompt: realText(name), maxOutputTokens: 1000 });
    console.log(`${name}: ${text}`);
  } catch (error) {
    if (!ContextWindowExceededError.isInstance(error)) throw error;
    console.log(`${name}: ${error.message}`);
    console.log(decisionOf(error)?.candidates[0]);
  }
}

await close();
