// A cascade whose first model is down, so it falls back to the second one.
import { generateText } from 'ai';
import { cascade, decisionOf } from 'ai-alloy';
import { connect } from './support/offline-server.ts';

// In an application: import { openai } from '@ai-sdk/openai';
const { openai, close } = await connect({
  'gpt-4o': { fails: 503 },
  'gpt-4.1': { holds: 1_047_576 },
});

// Created once, at module scope, and shared by all requests.
const model = cascade({
  steps: [
    { model: openai('gpt-4o'), contextWindow: 128_000 },
    { model: openai('gpt-4.1'), contextWindow: 1_047_576 },
  ],
});

const result = await generateText({ model, prompt: 'Hello!' });
console.log(result.text);

// The decision: why the call went where it went.
console.log(decisionOf(result));

await close();
