import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkflowAgent } from '@ai-sdk/workflow';
import { ToolLoopAgent, tool } from 'ai';
import { city, perStep, start } from './models.mjs';

const tools = {
  weather: tool({ description: 'The weather of a city', inputSchema: city, execute: async () => 'sunny' }),
};
const answeredBy = ({ providerMetadata }) => providerMetadata?.['ai-alloy']?.answeredBy;

test('a ToolLoopAgent generates and streams through a cascade', async () => {
  const { model, asked, stop } = await start();
  try {
    const agent = new ToolLoopAgent({ model, tools });
    const generated = await agent.generate({ prompt: 'What is the weather in Paris?' });
    assert.equal(generated.text, 'Sunny in Paris.');
    assert.deepEqual(generated.steps.map(answeredBy), ['good', 'good']);
    const streamed = await agent.stream({ prompt: 'What is the weather in Paris?' });
    assert.equal(await streamed.text, 'Sunny in Paris.');
    assert.deepEqual((await streamed.steps).map(answeredBy), ['good', 'good']);
    assert.deepEqual(asked, [...perStep, ...perStep, ...perStep, ...perStep]);
  } finally {
    await stop();
  }
});

test('prepareStep may put a cascade in the place of another model', async () => {
  const { model, openai, asked, stop } = await start();
  try {
    const agent = new ToolLoopAgent({
      model: openai.chat('good'),
      tools,
      prepareStep: ({ stepNumber }) => (stepNumber === 1 ? { model } : undefined),
    });
    const { steps } = await agent.generate({ prompt: 'What is the weather in Paris?' });
    assert.deepEqual(steps.map(answeredBy), [undefined, 'good']);
    assert.deepEqual(asked, ['good', ...perStep]);
  } finally {
    await stop();
  }
});

test('a WorkflowAgent streams through a cascade, where its steps run in this process', async () => {
  const { model, asked, stop } = await start();
  try {
    const agent = new WorkflowAgent({ model, tools });
    let text = '';
    const writable = new WritableStream({
      write(part) {
        if (part.type === 'text-delta') text += part.text ?? part.delta;
      },
    });
    const messages = [{ role: 'user', content: 'What is the weather in Paris?' }];
    const { steps } = await agent.stream({ messages, writable });
    assert.equal(text, 'Sunny in Paris.');
    assert.deepEqual(steps.map(answeredBy), ['good', 'good']);
    assert.deepEqual(asked, [...perStep, ...perStep]);
  } finally {
    await stop();
  }
});
