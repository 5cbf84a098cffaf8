import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/index.ts';
import { metadataOf, showMetadata } from '../../src/inspect/request/metadata.ts';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

/** A rule for each condition of the vocabulary, each for what the others leave. */
const conditions = `
models:
  - { id: yes, context_window: 200000 }
  - { id: no, context_window: 1000000 }
dispatchers:
  - { id: maxInputTokens, rules: [{ when: { max_input_tokens: 2000 }, target: yes }], targets: [no] }
  - { id: minInputTokens, rules: [{ when: { min_input_tokens: 500 }, target: yes }], targets: [no] }
  - { id: hasTools, rules: [{ when: { has_tools: true }, target: yes }], targets: [no] }
  - { id: hasImages, rules: [{ when: { has_images: true }, target: yes }], targets: [no] }
  - { id: hasFiles, rules: [{ when: { has_files: true }, target: yes }], targets: [no] }
  - { id: responseFormat, rules: [{ when: { response_format: json }, target: yes }], targets: [no] }
  - { id: text, rules: [{ when: { text: refund }, target: yes }], targets: [no] }
  - id: between
    rules: [{ when: { between: { from: "22:00", to: "06:00", time_zone: Europe/Berlin } }, target: yes }]
    targets: [no]
  - { id: number, rules: [{ when: { metadata: { tier: 1 } }, target: yes }], targets: [no] }
  - { id: string, rules: [{ when: { metadata: { tier: "1" } }, target: yes }], targets: [no] }
  - { id: boolean, rules: [{ when: { metadata: { vip: true } }, target: yes }], targets: [no] }
`;

async function targetOf(id: string, args: readonly string[], input = ''): Promise<string | undefined> {
  const file = await written('conditions.yaml', conditions);
  const { stdout, stderr } = await runCli(['explain', file, id, ...args, '--json'], { input });
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { decision: Decision }).decision.order?.[0];
}

const request = JSON.stringify({
  system: 'Be brief.',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a refund' },
        { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' },
        { type: 'file', mediaType: 'application/pdf', data: 'JVBERi0xLjQK' },
      ],
    },
  ],
  tools: { search: { description: 'Searches.', inputSchema: { type: 'object', properties: {} } } },
  responseFormat: { type: 'json', schema: { type: 'object', properties: {} } },
  maxOutputTokens: 100,
  providerOptions: { 'ai-alloy': { tier: 1 } },
  temperature: 0,
});

describe('explain', () => {
  const reached: [string, string[], string[]][] = [
    ['maxInputTokens', ['--tokens', '2000'], ['--tokens', '2001']],
    ['minInputTokens', ['--tokens', '500'], ['--tokens', '499']],
    ['hasTools', ['--tokens', '20', '--has-tools'], ['--tokens', '20']],
    ['hasImages', ['--text', 'a', '--has-images'], ['--text', 'a', '--has-files']],
    ['hasFiles', ['--text', 'a', '--has-files'], ['--text', 'a', '--has-images']],
    [
      'responseFormat',
      ['--text', 'a', '--response-format', 'json'],
      ['--text', 'a', '--response-format', 'text'],
    ],
    ['text', ['--text', 'a refund, please'], ['--text', 'a Refund']],
    ['text', ['--text', 'a refund', '--tokens', '1000'], ['--tokens', '1000']],
    [
      'between',
      ['--text', 'a', '--at', '2026-01-31T21:00Z'],
      ['--text', 'a', '--at', '2026-01-31T22:00:30+02:00'],
    ],
    ['number', ['--text', 'a', '--metadata', 'tier=1'], ['--text', 'a', '--metadata', 'tier="1"']],
    ['string', ['--text', 'a', '--metadata', 'tier="1"'], ['--text', 'a', '--metadata', 'tier=1']],
    [
      'boolean',
      ['--text', 'a', '--metadata', 'tier=x', '--metadata', 'vip=true'],
      ['--text', 'a', '--metadata', 'vip=yes'],
    ],
  ];

  it.each(reached)('R-29: reaches rules about %s: %j, not %j', async (id, matching, other) => {
    expect([await targetOf(id, matching), await targetOf(id, other)]).toEqual(['yes', 'no']);
  });

  it.each(['hasTools', 'hasImages', 'hasFiles', 'responseFormat', 'text', 'number', 'maxInputTokens'])(
    'R-29: takes all of a request as JSON: %s',
    async (id) => {
      // Its files count thousands of tokens.
      expect(await targetOf(id, ['--request', '-'], request)).toBe(id === 'maxInputTokens' ? 'no' : 'yes');
    },
  );

  it('single options add to what a file says', async () => {
    const prompt = JSON.stringify({ prompt: 'a', providerOptions: { 'ai-alloy': { vip: true } } });
    const args = ['--request', '-', '--metadata', 'tier=1', '--has-tools', '--response-format', 'json'];
    for (const id of ['number', 'boolean', 'hasTools', 'responseFormat']) {
      expect([id, await targetOf(id, args, prompt)]).toEqual([id, 'yes']);
    }
  });

  it('a prompt of so many tokens is of so many, with a text of its own as well', async () => {
    const file = await written('models.yaml', 'models: [{ id: a/model, context_window: 1000000 }]');
    const inputs = [
      ['13'],
      ['100'],
      ['21', '--text', 'a long story, told at length'],
      ['100', '--text', 'a refund'],
      ['100000', '--text', 'a refund'],
    ].map(async (args) => {
      const { stdout } = await runCli(['explain', file, 'a/model', '--tokens', ...args, '--json']);
      return (JSON.parse(stdout) as { decision: Decision }).decision.candidates.at(-1)!.demand.input;
    });
    expect(await Promise.all(inputs)).toEqual([13, 100, 21, 100, 100_000]);
  });

  it('a prompt of so many tokens is of nearly so many for every family', async () => {
    const ids = [
      'gpt-5',
      'gpt-4',
      'qwen3',
      'llama3.1',
      'llama2',
      'gemma3',
      'deepseek-v3',
      'mistral',
      'kimi-k2',
    ];
    const file = await written(
      'models.json',
      JSON.stringify({
        models: ids.map((id) => ({ id, context_window: 1_000_000 })),
        cascades: [{ id: 'all', steps: ids }],
      }),
    );
    const { stdout } = await runCli(['explain', file, 'all', '--tokens', '10000', '--json']);
    const { candidates } = (JSON.parse(stdout) as { decision: Decision }).decision;
    expect(candidates).toHaveLength(ids.length);
    for (const { demand } of candidates) {
      expect(demand.input).toBeGreaterThan(9980);
      expect(demand.input).toBeLessThan(10_030);
    }
  });

  it('takes messages as useChat keeps them, and system messages', async () => {
    const parts = [
      { type: 'text', text: 'a refund' },
      { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,iVBORw0KGgo=' },
    ];
    const messages = JSON.stringify([
      { id: '0', role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { id: '1', role: 'user', parts },
    ]);
    expect(await targetOf('text', ['--messages', '-'], messages)).toBe('yes');
    expect(await targetOf('hasImages', ['--messages', '-'], messages)).toBe('yes');
    expect(await targetOf('hasImages', ['--request', '-'], `{"messages":${messages}}`)).toBe('yes');
  });

  it('reads a prompt and messages, also from standard input', async () => {
    const file = await written('models.yaml', models);
    const prompt = await written('prompt.txt', 'Hello, world!');
    const messages = await written('messages.json', '[{"role":"user","content":"Hello, world!"}]');
    const inputs = await Promise.all(
      [
        { args: ['--prompt', prompt] },
        { args: ['--messages', messages] },
        { args: ['--prompt', '-'], input: 'Hello, world!' },
        { args: ['--messages', '-'], input: '[{"role":"user","content":"Hello, world!"}]' },
      ].map(async ({ args, ...options }) => {
        const { stdout } = await runCli(['explain', file, 'smart', ...args, '--json'], options);
        return (JSON.parse(stdout) as { decision: Decision }).decision.candidates[0]!.demand.input;
      }),
    );
    expect(new Set(inputs)).toEqual(new Set([13]));
  });
});

describe('metadata', () => {
  it.each([
    ['gold', 'gold'],
    ['1', 1],
    ['-1.5e3', -1500],
    ['"1"', '1'],
    ['"a b"', 'a b'],
    ['true', true],
    ['null', 'null'],
    ['1e999', '1e999'],
    ['01', '01'],
    ['a=b', 'a=b'],
    ['', ''],
    ['{"a":1}', '{"a":1}'],
  ])('%s is %j, and is shown so that it can be written again', (text, value) => {
    expect(metadataOf([`key=${text}`])).toEqual({ key: value });
    expect(metadataOf([`key=${showMetadata(value)}`])).toEqual({ key: value });
  });
});
