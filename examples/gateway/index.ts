// A gateway from a TOML file: you change models by editing the file, and get them by id.
import { generateText } from 'ai';
import { decisionOf, explain } from 'ai-alloy';
import { loadModelGateway } from 'ai-alloy/load';
import { fileURLToPath } from 'node:url';
import { connect } from '../support/offline-server.ts';

const { openai, close } = await connect({
  'local/qwen3.5-35b': { holds: 32 * 1024 },
  'opencode-go/kimi-k2.6': { fails: 503 },
  'gemini-2.5-flash': {},
  'claude-haiku-4-6': {},
});

// In an application: { providers: { local, 'opencode-go': opencode, '*': registry } }
const file = fileURLToPath(new URL('models.toml', import.meta.url));
const gateway = await loadModelGateway(file, { providers: openai });
console.log(`${gateway.ids.join(', ')}\n`);

for (const [tier, tokens] of [
  ['silver', 100],
  ['gold', 20_000],
  ['silver', 20_000],
] as const) {
  const request = {
    prompt: 'word '.repeat(tokens),
    providerOptions: { 'ai-alloy': { tier } },
    maxOutputTokens: 500,
  };
  const model = gateway.languageModel('cost-aware');
  const { rule, order } = await explain(model, request);
  console.log(`cost-aware, ${tier}, about ${tokens} tokens: rule ${rule}, to ${order?.[0] ?? 'nobody'}`);
  try {
    console.log(`  ${(await generateText({ model, ...request, maxRetries: 0 })).text}`);
  } catch (error) {
    console.log(
      `  failed at ${decisionOf(error)?.attempts?.[0]?.id}: a dispatcher does not fall back by default`,
    );
  }
}

const cascade = gateway.languageModel('kimi-with-fallback');
const { text } = await generateText({ model: cascade, prompt: 'Hello!' });
console.log(`kimi-with-fallback: ${text}`);

await close();
