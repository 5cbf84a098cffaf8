import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cascade } from '../../src/index.ts';
import { askContextWindow } from '../../src/local/index.ts';
import { errorOf } from '../support/models.ts';
import { LlamaServer } from './llama-server.ts';
import { madeUpModel } from './made-up-model.ts';

let folder: string;
let server: LlamaServer | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-alloy-llama-'));
  mkdirSync(join(folder, 'models'));
  for (const name of ['made-up', 'models/alpha', 'models/beta']) {
    writeFileSync(join(folder, `${name}.gguf`), madeUpModel());
  }
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

it('has for each request what its slots share, not what the model was trained for', async () => {
  server = await LlamaServer.start(['-m', join(folder, 'made-up.gguf'), '-c', '2048', '-np', '2']);
  const { baseURL } = server;
  const contextWindow = await askContextWindow({ baseURL });
  expect(contextWindow).toBe(1024);
  expect(await askContextWindow({ baseURL, model: 'whatever' })).toBe(1024);

  // What fits by that number is answered, and what doesn't is refused by the server as well.
  const local = createOpenAI({ baseURL, apiKey: 'none' }).chat('made-up');
  const estimator = { id: 'a token for each character', estimateText: (text: string) => text.length };
  const model = cascade({ steps: [{ model: local, contextWindow, estimator }] });
  const ask = (length: number) =>
    generateText({ model, prompt: 'a'.repeat(length), maxOutputTokens: 8, maxRetries: 0 });
  const result = await ask(900);
  expect(result.usage.inputTokens).toBeGreaterThan(900);
  await expect(ask(1020)).rejects.toThrow('does not fit');
  const sent = generateText({ model: local, prompt: 'a'.repeat(1100), maxOutputTokens: 8, maxRetries: 0 });
  expect(String(await errorOf(sent))).toContain('exceeds the available context size (1024 tokens)');
});

it('a router is asked for one model, and loads none', async () => {
  server = await LlamaServer.start(['--models-dir', join(folder, 'models'), '-c', '1024', '-np', '1']);
  const { baseURL } = server;
  const reason = async (model?: string): Promise<string> =>
    String(await errorOf(askContextWindow({ baseURL, ...(model !== undefined && { model }) })));
  expect(await reason()).toContain('it serves several models: say which');
  expect(await reason('gamma')).toContain("model 'gamma' not found");
  expect(await reason('alpha')).toContain('model is not loaded');
  const list = await fetch(`${baseURL}/models`);
  const { data } = (await list.json()) as { data: { status: { value: string } }[] };
  expect(data.map(({ status }) => status.value)).toEqual(['unloaded', 'unloaded']);
});

it('a key is asked for', async () => {
  const key = 'hush-hush';
  server = await LlamaServer.start([
    '-m',
    join(folder, 'made-up.gguf'),
    '-c',
    '1024',
    '-np',
    '1',
    '--api-key',
    key,
  ]);
  const { baseURL } = server;
  expect(await askContextWindow({ baseURL, apiKey: key })).toBe(1024);
});
