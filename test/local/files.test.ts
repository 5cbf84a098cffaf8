import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { explain } from '../../src/index.ts';
import {
  createModelGateway,
  formatPath,
  gatewayJsonSchema,
  parseGatewayConfig,
} from '../../src/gateway/index.ts';
import { loadModelGateway } from '../../src/load/index.ts';
import { runCli } from '../cli/command-line.ts';
import { answers, errorOf } from '../support/models.ts';
import { LocalServer } from './local-server.ts';
import { servers } from './servers.ts';

const providers = (id: string) => answers(id);
const started: LocalServer[] = [];
let warned: string[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-alloy-ask-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  warned = [];
  vi.stubGlobal('AI_SDK_LOG_WARNINGS', (said: { warnings?: { message: string }[] }) => {
    warned.push(...said.warnings!.map(({ message }) => message));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const server of started.splice(0)) server.stop();
});

async function start(...args: Parameters<typeof LocalServer.start>): Promise<LocalServer> {
  const server = await LocalServer.start(...args);
  started.push(server);
  return server;
}

/** Ceilings of the members of a gateway's primitive, by id. */
async function ceilingsOf(text: string, id = 'all', environment = {}): Promise<Record<string, unknown>> {
  const gateway = await loadModelGateway({ text, format: 'yaml' }, { providers, environment });
  const { candidates } = await explain(gateway.languageModel(id), { prompt: 'Hello!' });
  return Object.fromEntries(candidates.map((each) => [each.id, each.ceiling]));
}

describe('context_window: { ask, otherwise }', () => {
  it('is what each server holds, asked once when the file is loaded', async () => {
    const [vllm, ollama] = await Promise.all([start(servers.vllm), start(servers.ollama)]);
    const text = `
models:
  - { id: local/qwen3:8b, context_window: { ask: '${ollama.baseURL}', otherwise: 2K } }
  - { id: Qwen/Qwen3-8B, contextWindow: { ask: '${vllm.baseURL}', otherwise: 2K } }
  - { id: local/mine, context_window: { ask: '${vllm.root}', otherwise: 2048, model: legal } }
  - { id: openai/gpt-5, context_window: 400000 }
cascades:
  - id: all
    steps:
      - local/qwen3:8b
      - Qwen/Qwen3-8B
      - local/mine
      - { model: openai/gpt-5, id: small, context_window: { ask: '\${SERVER}', otherwise: 1K, model: gemma3 } }
      - { model: local/gemma3, context_window: { ask: '\${SERVER}', otherwise: 1K } }
`;
    expect(await ceilingsOf(text, 'all', { SERVER: ollama.baseURL })).toEqual({
      'local/qwen3:8b': 4096,
      'Qwen/Qwen3-8B': 8192,
      'local/mine': 8192,
      small: 16_384,
      'local/gemma3': 16_384,
    });
    expect(warned).toEqual([]);
    const asked = [vllm.asked.length, ollama.asked.length];
    await ceilingsOf('models: [{ id: a/b, context_window: 8K }]', 'a/b');
    expect([vllm.asked.length, ollama.asked.length]).toEqual(asked);
  });

  it('asks a server for a model once, and never in a call', async () => {
    const server = await start(servers.vllm);
    const asked = `{ ask: '${server.baseURL}', otherwise: 1K, model: legal }`;
    const text = `
models: [{ id: a, context_window: ${asked} }]
cascades: [{ id: all, steps: [a, { model: a, id: b, context_window: ${asked} }, { model: c/a, context_window: ${asked} }] }]
`;
    const gateway = await loadModelGateway({ text, format: 'yaml' }, { providers });
    expect(server.asked).toEqual(['/props', '/v1/models']);
    server.stop();
    const { candidates } = await explain(gateway.languageModel('all'), { prompt: 'Hello!' });
    expect(candidates.map(({ ceiling }) => ceiling)).toEqual([8192, 8192, 8192]);
  });

  it('is what is said otherwise where it is not known, with a warning that shows no variables', async () => {
    const server = await start(servers.llamaCppRouter);
    const text = `
models:
  - { id: local/beta, context_window: { ask: '\${SERVER}', otherwise: 32K } }
  - { id: local/gone, context_window: { ask: 'http://127.0.0.1:1/v1', otherwise: '\${WINDOW}' } }
cascades: [{ id: all, steps: [local/beta, local/gone] }]
`;
    const environment = { SERVER: server.baseURL, WINDOW: '8192' };
    expect(await ceilingsOf(text, 'all', environment)).toEqual({ 'local/beta': 32_768, 'local/gone': 8192 });
    expect(warned).toEqual([
      'ai-alloy: models[0].context_window: "${SERVER}": it says "model is not loaded": load the model first; 32K is used instead',
      expect.stringMatching(
        /^ai-alloy: models\[1\]\.context_window: "http:\/\/127\.0\.0\.1:1\/v1": it can't be asked \(.*\): start it; 8192 is used instead/,
      ),
    ]);
  });

  it('asks nobody about a file that has other problems', async () => {
    const server = await start(servers.vllm);
    const text = `models: [{ id: '\${NAME}', context_window: { ask: '${server.baseURL}', otherwise: 1K } }]`;
    const loading = loadModelGateway({ text, format: 'yaml' }, { providers, environment: {} });
    expect(((await errorOf(loading)) as Error).message).toContain('NAME is not set');
    expect(server.asked).toEqual([]);
  });

  it.each<[object | string, string]>([
    [
      { ask: 'http://x/v1' },
      'models[0].context_window.otherwise: missing: use a whole number of tokens above 0',
    ],
    [
      { ask: 'http://x/v1', otherwise: 0 },
      'models[0].context_window.otherwise: 0: use a whole number of tokens above 0',
    ],
    [{ otherwise: '8K' }, 'models[0].context_window.ask: missing: use the address of a server'],
    [
      { ask: 'x:8080', otherwise: '8K' },
      'models[0].context_window.ask: "x:8080": use the address of a server',
    ],
    [{ ask: 'http://x', otherwise: '8K', els: 1 }, 'models[0].context_window.els: no such option'],
    [{}, 'models[0].context_window.ask: missing'],
    ['http://x/v1', 'models[0].context_window: a URL: use a whole number of tokens above 0'],
  ])('R-36: says what is wrong with %j', async (size, message) => {
    const data = { models: [{ id: 'a', context_window: size }] };
    const { problems } = parseGatewayConfig(data);
    const said = problems.map((each) => `${formatPath(each.path)}: ${each.message}`);
    expect(said.join('\n')).toContain(message);
    const text = JSON.stringify(data);
    const { message: thrown } = (await errorOf(
      loadModelGateway({ text, format: 'json' }, { providers }),
    )) as Error;
    expect(thrown).toContain(message);
  });

  it('is valid data, which createModelGateway does not ask for', () => {
    const asked = { ask: 'http://127.0.0.1:1/v1', otherwise: '8K' } as const;
    const data = {
      models: [{ id: 'a', context_window: asked }],
      cascades: [{ id: 'c', steps: ['a', { model: 'a', id: 'b', context_window: asked }] }],
    } as const;
    const { config, problems } = parseGatewayConfig(data);
    expect(problems).toEqual([]);
    expect(config!.models![0]!.contextWindow).toEqual(asked);
    const problemsOf = () => createModelGateway(data, { providers });
    expect(problemsOf).toThrow(/^- models\[0\]\.context_window: no server is asked here: load it as a file/m);
    expect(problemsOf).toThrow(/^- cascades\[0\]\.steps\[1\]\.context_window: no server is asked here/m);
    expect(JSON.stringify(gatewayJsonSchema())).toContain('"#/definitions/asked-size"');
  });

  it('takes no name in the metadata of a rule for one', async () => {
    const text = `
models: [{ id: a, context_window: 8K }]
dispatchers: [{ id: all, targets: [a], rules: [{ when: { metadata: { context_window: x } }, target: a }] }]
`;
    expect(await ceilingsOf(text)).toEqual({ a: 8192 });
  });
});

describe('context_window: { ask, otherwise } on the command line', () => {
  it('is what is said otherwise, with a note: nothing is asked', async () => {
    const server = await start(servers.vllm);
    const file = join(folder, 'ask.yaml');
    writeFileSync(
      file,
      `models: [{ id: local/legal, context_window: { ask: '${server.baseURL}', otherwise: 32K } }]`,
    );
    const note = `models[0].context_window: "${server.baseURL}": it is asked when the file is loaded, not here; 32K is used instead`;
    const checked = await runCli(['check', file]);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toContain(`Note: ${note}`);
    const { stdout } = await runCli(['explain', file, 'local/legal', '--tokens', '1000', '--json']);
    const { decision, notes } = JSON.parse(stdout) as {
      decision: { candidates: { ceiling: number }[] };
      notes: string[];
    };
    expect(decision.candidates[0]!.ceiling).toBe(32_768);
    expect(notes).toEqual([note]);
    const { stdout: drawn } = await runCli(['graph', file]);
    expect(drawn).toContain('32K');
    expect(server.asked).toEqual([]);
  });
});
