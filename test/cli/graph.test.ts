import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../src/inspect/graph/graph-of.ts';
import { mermaid } from '../../src/inspect/graph/mermaid.ts';
import type { GatewayConfig } from '../../src/gateway/index.ts';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

async function drawn(data: object): Promise<string> {
  const { stdout } = await runCli(['graph', await written('drawn.json', JSON.stringify(data))]);
  return stdout;
}

describe('graph', () => {
  it('draws the gateway as a Mermaid flowchart', async () => {
    const file = await written('models.yaml', models);
    const { stdout, code } = await runCli(['graph', file]);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('flowchart LR');
    expect(stdout).toContain('n0["local/qwen<br/>32K × 0.75"]');
    expect(stdout).toContain('(["blend<br/>Fast + #34;Smart#34;<br/>alloy, weighted"])');
    expect(stdout).toContain('|"80 %, 1M"|');
    expect(stdout).toContain('-.->|"rule 0: tier = gold"| n1');
    expect(stdout).toContain('-.->|"rule seats: ≤ 10K tokens, seats = 5"| n0');
    const { stdout: json } = await runCli(['graph', file, '--json']);
    const {
      mermaid: inJson,
      nodes,
      edges,
    } = JSON.parse(json) as Record<'nodes' | 'edges', object[]> & {
      mermaid: string;
    };
    expect(`${inJson}\n`).toBe(stdout);
    expect([nodes.length, edges.length]).toEqual([8, 9]);
  });

  it('numbers targets by their places, also where one is there twice', async () => {
    const { edges } = graphOf({
      models: [{ id: 'a', contextWindow: 9 }, { id: 'b', contextWindow: 9 }, { id: 'all' }],
      dispatchers: [{ id: 'd', targets: ['a', 'all', 'b', 'a'] }],
    });
    expect(edges.map(({ to, label }) => [to, label])).toEqual([
      ['a', '1'],
      ['all', 'catch-all'],
      ['b', '2'],
      ['a', '3'],
    ]);
  });

  it('shows what changes routing: stickiness, worst case, fallbacks, buffers, minimal windows', async () => {
    const stdout = await drawn({
      models: [
        { id: 'a', contextWindow: 1000 },
        { id: 'b', contextWindow: 5000, maxInputTokens: 4000 },
      ],
      alloys: [
        { id: 'mix', constituents: ['a', 'b'], minContextWindow: 900, fallback: false, redraw: 'turn' },
      ],
      cascades: [{ id: 'safe', steps: ['a', 'b'], afterContent: 'buffer' }],
      dispatchers: [
        { id: 'kept', targets: ['a', 'b'], reevaluate: 'sticky' },
        { id: 'rising', targets: ['a', 'b'], reevaluate: 'sticky-escalate', escalations: 2, fallback: true },
        { id: 'worst', targets: ['a', 'b'], reevaluate: 'worst-case', assumeSessionMaxTokens: '3K' },
      ],
    });
    expect(stdout).toContain('"b<br/>5,000<br/>input 4,000"');
    expect(stdout).toContain(
      '"mix<br/>alloy, weighted<br/>holds 900<br/>kept within a tool loop<br/>no fallback"',
    );
    expect(stdout).toContain('"safe<br/>cascade, in order<br/>streams held back until whole"');
    expect(stdout).toContain('"kept<br/>dispatcher, first that fits<br/>sticky"');
    expect(stdout).toContain(
      '"rising<br/>dispatcher, first that fits<br/>sticky-escalate, 2 × at most<br/>fallback"',
    );
    expect(stdout).toContain('"worst<br/>dispatcher, first that fits<br/>worst-case, 3K"');
  });

  it('shows prices and cooldowns, and marks them', async () => {
    const stdout = await drawn({
      models: [
        { id: 'a', context_window: 1000, price: { input: 0.25, output: 2, cached_input: 0.025 } },
        { id: 'b', context_window: 1000 },
      ],
      cascades: [
        { id: 'safe', steps: ['a', 'b'], cooldown: { failures: 3, ms: 90000 } },
        {
          id: 'dear',
          steps: [{ model: 'b', price: { input: 1, output: 5 } }],
          cooldown: { failures: 1, ms: 300000 },
        },
      ],
    });
    expect(stdout).toContain('"a<br/>1,000<br/>#36;0.25 (cached #36;0.025) in, #36;2 out per million"');
    expect(stdout).toContain('"safe<br/>cascade, in order<br/>cooldown: 90 s after 3 failures"');
    expect(stdout).toContain('"dear<br/>cascade, in order<br/>cooldown: 5 min after 1 failure"');
    expect(stdout).toContain('|"1, #36;1 in, #36;5 out per million"|');
    expect(stdout.split('\n').slice(-5, -1)).toEqual([
      '  classDef cooldown stroke-dasharray: 6 4',
      '  class n2,n3 cooldown',
      '  classDef priced stroke-width: 2px',
      '  class n0 priced',
    ]);
  });

  it('shows the cooldown that recommended gives, where it has an effect', async () => {
    const stdout = await drawn({
      recommended: true,
      models: [{ id: 'a', context_window: 1000 }],
      cascades: [
        { id: 'safe', steps: ['a'] },
        { id: 'own', steps: ['a'], cooldown: { failures: 1, ms: 500 } },
        { id: 'off', steps: ['a'], recommended: false },
      ],
      dispatchers: [
        { id: 'first', targets: ['a'] },
        { id: 'next', targets: ['a', 'safe'], fallback: true },
      ],
    });
    expect(stdout).toContain('"safe<br/>cascade, in order<br/>cooldown: 30 s after 3 failures"');
    expect(stdout).toContain('"own<br/>cascade, in order<br/>cooldown: 500 ms after 1 failure"');
    expect(stdout).toContain('"off<br/>cascade, in order"');
    expect(stdout).toContain('"first<br/>dispatcher, first that fits"');
    expect(stdout).toContain('fallback<br/>cooldown: 30 s after 3 failures"');
  });

  it('numbers targets as they are asked: catch-alls are, at any depth, and by size', async () => {
    const stdout = await drawn({
      models: [{ id: 'open' }, { id: 'small', contextWindow: 1000 }, { id: 'large', contextWindow: 9000 }],
      cascades: [{ id: 'safe', steps: ['small', 'open'] }],
      dispatchers: [
        { id: 'first', targets: ['open', 'cascade/safe', 'large', { model: 'open', contextWindow: 50 }] },
        { id: 'sorted', order: 'smallest-first', targets: ['large', 'small', 'open'] },
      ],
    });
    const edges = stdout.split('\n').filter((line) => line.includes('-->'));
    expect(edges.slice(2)).toEqual([
      '  n4 -->|"catch-all"| n0',
      '  n4 -->|"catch-all"| n3',
      '  n4 -->|"1"| n2',
      '  n4 -->|"2, 50"| n0',
      '  n5 -->|"by size"| n2',
      '  n5 -->|"by size"| n1',
      '  n5 -->|"catch-all"| n0',
    ]);
  });

  it('R-28: what only a rule leads to makes nothing a catch-all that has targets', async () => {
    const rules = [{ when: { hasTools: true }, target: 'open' }];
    const stdout = await drawn({
      models: [{ id: 'open' }, { id: 'small', contextWindow: 1000 }],
      dispatchers: [
        { id: 'both', rules, targets: ['small'] },
        { id: 'ruled', rules },
        { id: 'outer', targets: ['both', 'ruled'] },
      ],
    });
    const outer = stdout.split('\n').filter((line) => line.startsWith('  n4 '));
    expect(outer).toEqual(['  n4 -->|"1"| n2', '  n4 -->|"catch-all"| n3']);
  });

  it('escapes what Mermaid would read as its own', async () => {
    const id = 'a"]; click n0 <script>|end|#quot;`';
    const stdout = await drawn({ models: [{ id: 'm', name: id }], cascades: [{ id: 'b', steps: ['m'] }] });
    expect(stdout).toContain(
      'n0["m<br/>a#34;#93;#59; click n0 #60;script#62;#124;end#124;#35;quot#59;#96;"]',
    );
  });

  it('is of known lines only, whatever ids and names there are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, text, (model, name, rule) => {
        const config: GatewayConfig = {
          models: [{ id: model, name, contextWindow: 1000 }],
          dispatchers: [{ id: `d${name}`, rules: [{ id: rule, when: { text: name }, target: model }] }],
        };
        const label = '"([\\p{L}\\p{M}\\p{N} .,:/()+=_%×≤≥–-]|#\\d+;|<br/>)+"';
        const node = new RegExp(`^  n\\d+(\\[${label}\\]|\\{\\{${label}\\}\\})$`, 'u');
        const edge = new RegExp(`^  n\\d+ -\\.->\\|${label}\\| n\\d+$`, 'u');
        const [first, ...lines] = mermaid(graphOf(config)).split('\n');
        expect(first).toBe('flowchart LR');
        expect(lines.filter((line) => node.test(line)).length).toBe(lines.length - 1);
        expect(lines.at(-1)).toMatch(edge);
      }),
    );
  });

  it('reports problems as check does', async () => {
    const file = await written('wrong.json', '{"models":[{"id":"a","context_window":0}]}');
    const { stdout, code } = await runCli(['graph', file]);
    expect(code).toBe(1);
    expect(stdout).toContain(':1:22 models[0].context_window: ');
  });
});
