import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { decisionOf } from 'ai-alloy';
import { city, perStep, start } from './models.mjs';

const weather = createTool({
  id: 'weather',
  description: 'The weather of a city',
  inputSchema: city,
  execute: async () => ({ text: 'sunny' }),
});

const agentOf = (model) =>
  new Agent({ id: 'weather', name: 'Weather', instructions: 'Be brief.', model, tools: { weather } });

test('a Mastra agent generates through a cascade, tool loop included', async () => {
  const { model, asked, stop } = await start();
  try {
    const result = await agentOf(model).generate('What is the weather in Paris?');
    assert.equal(result.text, 'Sunny in Paris.');
    assert.deepEqual(asked, [...perStep, ...perStep]);
    assert.equal(decisionOf(result).answeredBy, 'good');
  } finally {
    await stop();
  }
});

test('a Mastra agent streams through a cascade', async () => {
  const { model, asked, stop } = await start();
  try {
    const result = await agentOf(model).stream('What is the weather in Paris?');
    let text = '';
    for await (const delta of result.textStream) text += delta;
    assert.equal(text, 'Sunny in Paris.');
    assert.deepEqual(asked, [...perStep, ...perStep]);
    assert.equal((await result.providerMetadata)['ai-alloy'].answeredBy, 'good');
  } finally {
    await stop();
  }
});

test('a prompt that fits nowhere reaches the user of a Mastra agent as our error', async () => {
  const { model, asked, stop } = await start();
  try {
    const tooLong = 'word '.repeat(200_000);
    await assert.rejects(agentOf(model).generate(tooLong), (error) => {
      assert.equal(decisionOf(error)?.id, 'safe');
      return /does not fit, nothing was sent/.test(error.message);
    });
    assert.deepEqual(asked, []);
  } finally {
    await stop();
  }
});
