import { expect, it } from 'vitest';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

it('graph shows the text of a variable, not its value unless that stands there, and leads to the same models', async () => {
  const text = `
models:
  - { id: "\${MODEL}", name: "\${TITLE}", context_window: 32K }
  - { id: alloy, name: shown }
  - { id: "\${OTHER}" }
cascades:
  - id: first
    steps: ["\${MODEL}", plain/model, "\${OTHER}"]
dispatchers:
  - id: smart
    targets: ["\${FIRST}"]
    rules:
      - { id: "\${RULE}", when: { text: "\${WORD}", metadata: { tier: ["\${TIER}", gold] } }, target: "\${MODEL}" }
`;
  const file = await written('models.yaml', text);
  const environment = {
    MODEL: 'plain/model',
    OTHER: 'hush/model',
    TITLE: 'hush title',
    FIRST: 'cascade/first',
    RULE: 'hush-rule',
    WORD: 'alloy',
    TIER: 'hush-tier',
  };
  const { stdout, code } = await runCli(['graph', file, '--json'], { environment });
  expect(code).toBe(0);
  expect(stdout).not.toContain('hush');
  const { nodes, edges } = JSON.parse(stdout) as {
    nodes: { id: string; lines: string[] }[];
    edges: { from: string; to: string; label: string }[];
  };
  expect(nodes.map(({ id }) => id)).toEqual(['plain/model', 'alloy', '${OTHER}', 'first', 'smart']);
  expect(nodes[0]!.lines.slice(0, 2)).toEqual(['plain/model', '${TITLE}']);
  expect(edges.map(({ from, to }) => [from, to])).toEqual([
    ['first', 'plain/model'],
    ['first', 'plain/model'],
    ['first', '${OTHER}'],
    ['smart', 'plain/model'],
    ['smart', 'first'],
  ]);
  expect(edges[3]!.label).toBe('rule ${RULE}: tier = ${TIER} or gold, text has "alloy"');
});

it('graph shows a default where nothing is set, else the text of the variable', async () => {
  const file = await written('default.yaml', models);
  const { stdout } = await runCli(['graph', file, '--json']);
  expect(stdout).toContain('"opencode/kimi-k2"');
  const { stdout: set } = await runCli(['graph', file, '--json'], { environment: { KIMI: 'hush/model' } });
  expect(set).toContain('"${KIMI:-opencode/kimi-k2}"');
  expect(set).not.toContain('hush');
});

it('check shows the text of a variable where nothing is wrong, too', async () => {
  const file = await written(
    'fine.json',
    '{"models":[{"id":"openai/${KEY}"},{"id":"a\\u001b[31m\\u0007b"}]}',
  );
  const environment = { KEY: 'sk-topsecret' };
  const { stdout, code } = await runCli(['check', file], { environment });
  expect({ code, lines: stdout.split('\n').slice(1) }).toEqual({
    code: 0,
    lines: ['  2 models: openai/${KEY}, a [31m b', ''],
  });
  const { stdout: json } = await runCli(['check', file, '--json'], { environment });
  expect(JSON.parse(json)).toMatchObject({ found: { models: ['openai/${KEY}', 'a\u001b[31m\u0007b'] } });
});

it('R-36: an unknown id is answered with ids as the file has them', async () => {
  const file = await written('names.json', '{"models":[{"id":"${MODEL}"},{"id":"plain"}]}');
  const environment = { MODEL: 'hush/model' };
  const run = await runCli(['explain', file, 'something', '--tokens', '20'], { environment });
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there are ${MODEL}, plain') as string,
  });
});
