// An alloy in a tool loop: its constituents take turns at the steps of one answer.
import { generateText, isStepCount, tool } from 'ai';
import { alloy, decisionOf } from 'ai-alloy';
import { z } from 'zod';
import { connect, type OfflineModel } from './support/offline-server.ts';

// Plays a model that looks up one city after the other. An application needs nothing like this.
const looksUpCities: OfflineModel = {
  answer({ messages }) {
    const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    const city = ['Lisbon', 'Oslo'][results.length];
    if (!city) return { content: `Lisbon has ${results[0]}, Oslo has ${results[1]}.` };
    return { toolCalls: [{ name: 'weather', arguments: JSON.stringify({ city }) }] };
  },
};
const { openai, close } = await connect({ 'gpt-4.1': looksUpCities, 'gpt-4o': looksUpCities });

const model = alloy({
  constituents: [
    { id: 'gpt-4.1', model: openai('gpt-4.1'), contextWindow: 1_047_576 },
    { id: 'gpt-4o', model: openai('gpt-4o'), contextWindow: 128_000 },
  ],
  strategy: 'round-robin', // by default, each step draws a constituent by weight
});

const { steps } = await generateText({
  model,
  prompt: 'Compare the weather in Lisbon and in Oslo.',
  tools: {
    weather: tool({
      description: 'The weather in a city.',
      inputSchema: z.object({ city: z.string() }),
      execute: ({ city }) => (city === 'Lisbon' ? '24 °C and sun' : '7 °C and rain'),
    }),
  },
  stopWhen: isStepCount(5),
});

for (const step of steps) {
  const calls = step.toolCalls.map(({ toolName, input }) => `${toolName}(${JSON.stringify(input)})`);
  console.log(`${decisionOf(step)?.answeredBy}: ${step.text || calls.join(', ')}`);
}

await close();
