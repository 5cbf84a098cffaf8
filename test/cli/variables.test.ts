import { expect, it } from 'vitest';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

it('graph shows the text of a variable, never its value, and leads to the same models', async () => {
  const text = `
models:
  - { id: "\${MODEL}", name: "\${TITLE}", context_window: 32K }
  - { id: alloy, name: shown }
cascades:
  - id: first
    steps: ["\${MODEL}", hush/model]
dispatchers:
  - id: smart
    targets: ["\${FIRST}"]
    rules:
      - { id: "\${RULE}", when: { text: "\${WORD}", metadata: { tier: ["\${TIER}", gold] } }, target: "\${MODEL}" }
`;
  const file = await written('models.yaml', text);
  const environment = {
    MODEL: 'hush/model',
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
  expect(nodes.map(({ id }) => id)).toEqual(['${MODEL}', '${WORD}', 'first', 'smart']);
  expect(nodes[0]!.lines.slice(0, 2)).toEqual(['${MODEL}', '${TITLE}']);
  expect(edges.map(({ from, to }) => [from, to])).toEqual([
    ['first', '${MODEL}'],
    ['first', '${MODEL}'],
    ['smart', '${MODEL}'],
    ['smart', 'first'],
  ]);
  expect(edges[2]!.label).toBe('rule ${RULE}: tier = ${TIER} or gold, text has "${WORD}"');
});

it('graph shows a default as the file has it', async () => {
  const file = await written('default.yaml', models);
  const { stdout } = await runCli(['graph', file, '--json']);
  expect(stdout).toContain('"${KIMI:-opencode/kimi-k2}"');
});

it('R-36: an unknown id is answered with ids as the file has them', async () => {
  const file = await written('names.json', '{"models":[{"id":"${MODEL}"},{"id":"plain"}]}');
  const environment = { MODEL: 'hush/model' };
  const run = await runCli(['explain', file, 'something', '--tokens', '5'], { environment });
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there are ${MODEL}, plain') as string,
  });
});
