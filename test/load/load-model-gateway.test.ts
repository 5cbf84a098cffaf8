import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { generateText } from 'ai';
import { createModelGateway } from 'ai-alloy/gateway';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explain, InvalidConfigurationError } from '../../src/index.ts';
import { GatewayFileError, type GatewayFormat, loadModelGateway } from '../../src/load/index.ts';
import { answers, errorOf } from '../support/models.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-alloy-load-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

const providers = (id: string) => answers(id);

const valid: [string, string][] = [
  [
    'models.json',
    '{"models":[{"id":"${PROVIDER:-local}/a","context_window":"${WINDOW}"}],"cascades":[{"id":"chat","steps":["${PROVIDER:-local}/a"]}]}',
  ],
  [
    'models.yaml',
    'models:\n  - id: ${PROVIDER:-local}/a\n    contextWindow: ${WINDOW}\ncascades:\n  - id: chat\n    steps: ["${PROVIDER:-local}/a"]\n',
  ],
  [
    'models.toml',
    '[[models]]\nid = "${PROVIDER:-local}/a"\ncontext_window = "${WINDOW}"\n[[cascades]]\nid = "chat"\nsteps = ["${PROVIDER:-local}/a"]\n',
  ],
];

it.each(valid)('%s becomes a gateway that answers', async (name, text) => {
  const file = await written(name, text);
  const gateway = await loadModelGateway(file, { providers, environment: { WINDOW: '32768' } });
  const model = gateway.languageModel('chat');
  expect((await generateText({ model, prompt: 'Hello!' })).text).toBe('local/a');
  const { candidates } = await explain(model, { prompt: 'Hello!' });
  expect(candidates[0]!.ceiling).toBe(32_768);
});

it.each(valid)('takes the text of %s as well', async (name, text) => {
  const format = name.replace('models.', '') as GatewayFormat;
  const environment = { WINDOW: '32768' };
  const gateway = await loadModelGateway({ text, format }, { providers, environment });
  expect(gateway.ids).toEqual(['local/a', 'chat', 'cascade/chat']);
  const error = (await errorOf(loadModelGateway({ text, format }, { providers, environment: {} }))) as Error;
  expect(error.message).toMatch(
    new RegExp(`^<${format}>:\\d+:\\d+ models\\[0\\]\\.context_?[wW]indow: `, 'm'),
  );
});

it('takes the URL of a file, as import.meta.url leads to it', async () => {
  const file = await written('at-url.json', '{"models":[{"id":"local/a","context_window":"8K"}]}');
  for (const url of [pathToFileURL(file), pathToFileURL(file).href]) {
    expect((await loadModelGateway(url, { providers })).ids).toEqual(['local/a']);
  }
  const noFiles = ['file://host/x.json', 'file:///a%2Fb.json', new URL('https://host/x.json')];
  for (const url of noFiles) {
    expect(await errorOf(loadModelGateway(url, { providers }))).toMatchObject({
      message: `file is "${url}": use the path of a file, or its file: URL.`,
    });
  }
});

it('R-36: names its own options', async () => {
  const error = await errorOf(loadModelGateway('any.json', { env: {} } as never));
  expect((error as Error).message).toMatch(
    /^loadModelGateway: options\.env is an object: there is no such option, only environment, providers, /,
  );
});

it('R-36: never shows what is in the place of a provider: it may be a key', async () => {
  const file = await written('keyed.json', '{"models":[{"id":"openai/m","context_window":"8K"}]}');
  const error = await errorOf(loadModelGateway(file, { providers: { openai: 'sk-live-123' } as never }));
  expect((error as Error).message).toMatch(/^typeof providers\.openai is "string": pass an AI SDK provider/);
  expect(JSON.stringify([error, (error as Error).message])).not.toContain('sk-live');
});

it('R-36: says all that is wrong, where, and what the file has in the place of variables', async () => {
  const file = await written(
    'wrong.yaml',
    `models:
  - id: qwen
    context_window: \${WINDOW}
  - id: \${SECRET}
cascades:
  - id: chat
    steps: [qwne, "\${MISSING}", "\${SECRET}-x"]
`,
  );
  const environment = { WINDOW: '12.5', SECRET: 'hush-hush' };
  const error = await errorOf(loadModelGateway(file, { providers, environment }));
  expect(GatewayFileError.isInstance(error) && InvalidConfigurationError.isInstance(error)).toBe(true);
  const { message, problems } = error as GatewayFileError;
  expect(problems.map(({ position }) => position!.line)).toEqual([3, 7, 7, 7]);
  expect(message).toContain(`${file}:7:13 cascades[0].steps[0]: unknown model "qwne", did you mean "qwen"?`);
  expect(message).toContain('${WINDOW}');
  expect(message).toContain('${MISSING}');
  expect(message).toContain('unknown model "${SECRET}-x"');
  expect(message).not.toMatch(/hush|12\.5/);
});

it('reports a file that cannot be parsed, and nothing else of it', async () => {
  const file = await written('broken.toml', '[[models]\n');
  const error = (await errorOf(loadModelGateway(file, { providers }))) as GatewayFileError;
  expect(error.problems).toHaveLength(1);
  expect(error.problems[0]!.position!.line).toBe(1);
});

it('counts with js-tiktoken where the file says so', async () => {
  const file = await written(
    'exact.toml',
    '[tokenizer]\nkind = "tiktoken"\n[[models]]\nid = "openai/gpt-4o"\ncontext_window = 10\n[[cascades]]\nid = "chat"\nsteps = ["openai/gpt-4o"]',
  );
  const gateway = await loadModelGateway(file, { providers });
  const { candidates } = await explain(gateway.languageModel('chat'), { prompt: 'Hello!' });
  expect(candidates[0]!.demand.estimator).toMatch(/^tiktoken/);
});

it('passes on what providers do wrong', async () => {
  const file = await written('plain.json', '{"models":[{"id":"openai/a"}]}');
  const error = (await errorOf(loadModelGateway(file, { providers: {} }))) as GatewayFileError;
  expect(error.message).toMatch(/no provider has this prefix/);
  expect(error.problems[0]!.position).toEqual({ line: 1, column: 13 });
});

it.each<[string, string, RegExp]>([
  [
    'interpolations',
    JSON.stringify({
      models: Array.from({ length: 2500 }, (_, index) => ({
        id: `\${A:-model${index}}`,
        ...Object.fromEntries(
          Array.from({ length: 9 }, (__, key) => [`wrong${key}`, `\${A:-value-${index}-${key}}`]),
        ),
      })),
    }),
    /^many:1:\d+ models\[0\]\.wrong0: /,
  ],
  [
    'interpolated numbers',
    JSON.stringify({
      models: Array.from({ length: 9000 }, (_, index) => ({
        context_window: `\${A:-x${index}}`,
        a: 1,
        b: 2,
      })),
    }),
    /models/,
  ],
  [
    'aliases',
    `models:\n${Array.from({ length: 10 }, (_, list) =>
      [
        `  - &a${list}\n    id: m${list}`,
        ...Array.from({ length: 40 }, (__, key) => `    bad${key}: 1`),
        ...Array.from({ length: 98 }, () => `  - *a${list}`),
      ].join('\n'),
    ).join('\n')}\n#${' '.repeat(1_000_000)}`,
    /^many:3:5 models\[1\]\.id: duplicate /,
  ],
])('R-36: tells a hundred problems of a megabyte of %s in a moment', async (name, text, first) => {
  const file = await written(name === 'aliases' ? 'many.yaml' : 'many.json', text);
  const error = (await errorOf(loadModelGateway(file, { providers, environment: {} }))) as GatewayFileError;
  expect(GatewayFileError.isInstance(error)).toBe(true);
  expect(error.message.split('\n')[1]!.replace(/.*many\.\w+/, 'many')).toMatch(first);
  expect(error.problems.length).toBeLessThanOrEqual(100);
});

it('R-36: the errors of a gateway print by the names that the docs have', async () => {
  const text = 'models: [x]';
  const ofFile = (await errorOf(loadModelGateway({ text, format: 'yaml' }, { providers }))) as Error;
  expect(ofFile.name).toBe('AI_GatewayFileError');
  expect(inspect(ofFile)).toMatch(/^GatewayFileError \[AI_GatewayFileError\]: <yaml> has a problem:\n/);
  expect(ofFile.stack).toMatch(/^AI_GatewayFileError: <yaml> has a problem:\n/);
  const make = async () => createModelGateway({ models: ['x'] } as never, { providers });
  const ofData = (await errorOf(make())) as Error;
  expect(ofData.name).toBe('AI_GatewayConfigurationError');
  expect(String(ofData)).toMatch(/^AI_GatewayConfigurationError: the gateway has a problem:\n/);
  expect(InvalidConfigurationError.isInstance(ofFile) && InvalidConfigurationError.isInstance(ofData)).toBe(
    true,
  );
});
