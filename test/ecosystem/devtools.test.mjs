import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DevToolsTelemetry } from '@ai-sdk/devtools';
import { generateText, streamText } from 'ai';
import { start } from './models.mjs';

/** What the viewer shows, once it has as many steps. */
async function recorded(count) {
  for (;;) {
    try {
      const { steps } = JSON.parse(readFileSync('.devtools/generations.json', 'utf8'));
      if (steps.length >= count && steps.every(({ output }) => output)) return steps;
    } catch {
      // not written yet, or just being written
    }
    await wait(20);
  }
}

test('AI SDK DevTools shows which model answered, but not the decision', async () => {
  const { model, stop } = await start();
  try {
    const telemetry = { integrations: [DevToolsTelemetry()] };
    await generateText({ model, prompt: 'Hello', telemetry });
    await streamText({ model, prompt: 'Hello', telemetry }).consumeStream();
    for (const step of await recorded(2)) {
      assert.equal(step.model_id, 'safe');
      assert.equal(JSON.parse(step.output).response.modelId, 'good');
      // docs/questions.md says so: once this fails, DevTools shows more, and the docs should say that.
      assert.doesNotMatch(JSON.stringify(step), /ai-alloy/);
    }
  } finally {
    await stop();
  }
});
