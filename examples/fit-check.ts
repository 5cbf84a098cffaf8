// The fit check on a single model: a request that is too large is refused and not sent.
import { generateText, wrapLanguageModel } from 'ai';
import { ContextWindowExceededError, decisionOf, fitCheck } from 'ai-alloy';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

const { openai, close } = await connect({ 'qwen3-8b': { holds: 32_768 } });

const model = wrapLanguageModel({
  model: openai('qwen3-8b'),
  // 85 % of 32,768 tokens for prompt and answer. The rest is a reserve, since tokens are estimated.
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
