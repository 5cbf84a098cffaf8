import { cascade } from 'ai-alloy';
import { connect } from '../../support/offline-server.ts';

// In an application: import { openai } from '@ai-sdk/openai';
const { openai, close } = await connect({ 'gpt-4.1': { fails: 429 }, 'gpt-4o': { holds: 128_000 } });

// At module scope: one instance serves all concurrent requests.
export const smart = cascade({
  id: 'smart',
  steps: [
    { id: 'gpt-4.1', model: openai('gpt-4.1'), contextWindow: 200_000 },
    { id: 'gpt-4o', model: openai('gpt-4o'), contextWindow: 128_000 },
  ],
});

export { close };
