import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { installations } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { modes, run } from './run.ts';

const yaml = `
models:
  - { id: small, context_window: 8K }
  - { id: large, context_window: 200000 }
dispatchers:
  - id: smart
    rules: [{ when: { metadata: { tier: gold } }, target: large }]
    targets: [small, large]
  - id: picky
    rules: [{ when: { has_tools: true, has_images: true, has_files: true, response_format: json }, target: large }]
    targets: [large]
  - { id: kept, reevaluate: sticky, targets: [small, large] }
`;
const toml = `
models = [{ id = "small", context_window = "8K" }, { id = "large", context_window = 200_000 }]
dispatchers = [{ id = "smart", targets = ["small", "large"] }]
`;

interface Explained {
  readonly order: readonly string[];
  readonly reason: string;
  readonly candidates: readonly { readonly demand: object }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-alloy-compat-load-'));
  await writeFile(join(folder, 'models.yaml'), yaml);
  await writeFile(join(folder, 'models.toml'), toml);
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(await installations())('ai $major', (installation) => {
  const models = modelsOf(installation);
  const providers = (id: string) => models.answers(id) as never;
  const sessionStore = { get: () => undefined, set() {} }; // ai 4 keeps sticky picks there only

  test.each(modes)('a gateway of a file routes (%s)', async (mode) => {
    for (const name of ['models.yaml', 'models.toml']) {
      const gateway = await installation.loading.loadModelGateway(join(folder, name), {
        providers,
        sessionStore,
      });
      const model = gateway.languageModel('smart');
      expect((await run(installation, mode, { model, prompt: 'Hello!' })).text).toBe('small');
      const prompt = 'Hello, world! '.repeat(5000);
      expect((await run(installation, mode, { model, prompt })).text).toBe('large');
    }
  });

  test.each(modes)('a watched file is followed by its models (%s)', async (mode) => {
    const file = join(folder, `watched-${installation.major}-${mode}.json`);
    const write = (id: string): Promise<void> =>
      writeFile(file, JSON.stringify({ models: [{ id }], cascades: [{ id: 'smart', steps: [id] }] }));
    await write('small');
    let reloaded: () => void = () => {};
    const gateway = await installation.loading.loadModelGateway(file, {
      providers,
      watch: { intervalMs: 5, onReload: () => reloaded() },
    });
    const model = gateway.languageModel('smart');
    expect((await run(installation, mode, { model, prompt: 'Hello!' })).text).toBe('small');
    const swapped = new Promise<void>((resolve) => (reloaded = resolve));
    await write('large');
    await swapped;
    gateway.close();
    expect((await run(installation, mode, { model, prompt: 'Hello!' })).text).toBe('large');
    const outer = installation.aiAlloy.cascade({ steps: [model] });
    expect((await run(installation, mode, { model: outer, prompt: 'Hello!' })).text).toBe('large');
  });

  test('the command line explains it', async () => {
    const cli = join(inject('installations'), `ai-${installation.major}/node_modules/ai-alloy/dist/cli.js`);
    const explained = async (id: string, ...args: string[]) => {
      const own = ['explain', join(folder, 'models.yaml'), id, '--json', ...args];
      const { stdout } = await promisify(execFile)(process.execPath, [cli, ...own]);
      return (JSON.parse(stdout) as { decision: Explained }).decision;
    };
    expect((await explained('smart', '--tokens', '1000')).order[0]).toBe('small');
    expect((await explained('smart', '--tokens', '1000', '--metadata', 'tier=gold')).order[0]).toBe('large');
    const limited = await explained('smart', '--tokens', '1000', '--max-output-tokens', '10');
    expect((await explained('kept', '--tokens', '1000')).order[0]).toBe('small');
    expect(limited.candidates[0]!.demand).toMatchObject({ input: 1000, output: 10 });
    const files = ['--text', 'Hello!', '--has-images', '--has-files', '--has-tools'];
    expect((await explained('picky', ...files, '--response-format', 'json')).reason).toBe('rule');
    expect((await explained('picky', ...files)).reason).toBe('first-fit');
  });
});
