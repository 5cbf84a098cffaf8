// A bad day: silence, a rate limit, an answer that breaks off, an outage. Every call gets one whole answer.
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

// Deadlines as short as a demonstration wants them; the README recommends some for real models.
const model = (id: string) =>
  cascade({
    id,
    steps: [openai(id), openai('standby')],
    firstContentMs: 500, // silence is over after that
    idleMs: 500,
    deadlineMs: 10_000, // and so is the whole call
    retries: 1, // of the same model, after a failure that may pass
    maxRetryAfterMs: 2000,
    afterContent: 'buffer', // an answer that breaks off is replaced, since nobody has seen it yet
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
process.exit(); // the silent model is still at it, on the server
