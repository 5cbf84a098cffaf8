// Timeout, rate limit, an answer that breaks off, an outage: fallback, retry and cooldown make each call succeed.
import { streamText } from 'ai';
import { cascade, decisionOf } from 'ai-alloy';
import { linesOf } from './support/decision-lines.ts';
import { connect } from './support/offline-server.ts';

const { openai, close } = await connect({
  silent: { breaks: 'silent' },
  busy: { failsOnce: 429 }, // with "retry-after: 1"
  flaky: { breaks: 'half-way' },
  down: { fails: 503 },
  standby: {},
});

// Timeouts short enough for a demonstration; the README recommends values for real models.
const model = (id: string) =>
  cascade({
    id,
    steps: [openai(id), openai('standby')],
    firstContentMs: 500, // a model that stays silent for longer has failed
    idleMs: 500,
    deadlineMs: 10_000, // timeout of the whole call
    retries: 1, // retries of the same model, after a failure that may pass
    maxRetryAfterMs: 2000,
    afterContent: 'buffer', // if an answer breaks off, another member answers: the user has seen nothing of the first one
    cooldown: { failures: 2, ms: 30_000 },
  });

for (const each of ['silent', 'busy', 'flaky', 'down'].map(model)) {
  for (const attempt of ['first', 'second']) {
    const result = streamText({ model: each, prompt: 'Hello!', maxRetries: 0 });
    const text = await result.text;
    console.log(`\n${each.modelId}, ${attempt} call: ${text}`);
    console.log(linesOf(decisionOf(await result.providerMetadata)!).join('\n'));
  }
}

await close();
process.exit(); // on the server, the silent model is still waiting
