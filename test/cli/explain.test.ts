import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/index.ts';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

interface Explained {
  readonly ok: boolean;
  readonly destination: string;
  readonly decision: Decision;
  readonly notes: readonly string[];
}

async function explained(...args: string[]): Promise<Explained & { readonly code: number }> {
  const file = await written('models.yaml', models);
  const { stdout, stderr, code } = await runCli(['explain', file, ...args, '--json']);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as Explained), code };
}

describe('explain', () => {
  it('R-38: shows candidates, ceilings, demands, verdicts, the order and shares', async () => {
    const file = await written('models.yaml', models);
    const { stdout, code } = await runCli(['explain', file, 'smart', '--tokens', '100000']);
    const lines = stdout.split('\n');
    const lineOf = (text: string): string =>
      lines.find((line) => line.includes(text))!.replaceAll(/\s+/g, ' ');
    expect(code).toBe(0);
    expect(lines[0]).toBe('dispatcher "smart": first-fit');
    expect(lineOf('local/qwen')).toMatch(/│ 24,576 │ (≥ )?[\d,]+ │ .*too large/);
    // What the chat template of Llama adds is more than what the default takes any to add.
    expect(lineOf('blend (alloy)')).toMatch(
      /│ 1 │ blend \(alloy\) │ 200,000 │ 104,1\d\d │ 100,0\d\d │ 4,096 │/,
    );
    expect(lineOf('google/gemini')).toContain('80.0 %');
    expect(lineOf('meta/llama')).toContain('20.0 %');
    expect(lineOf('safe (cascade)')).toContain('│ if too long │');
    expect(stdout).toContain('│   google/gemini'); // indented
    expect(stdout).toContain('First call: blend → one of google/gemini, meta/llama.');
  });

  it('R-2: says which output is what the provider package sends by itself', async () => {
    const claude = 'models: [{ id: anthropic/claude-sonnet-4-0, context_window: 200000 }]';
    const { stdout } = await runCli([
      'explain',
      await written('claude.yaml', claude),
      'anthropic/claude-sonnet-4-0',
      '--text=Hi',
    ]);
    expect(stdout).toContain('│ 64,000 (provider) │');
  });

  it('R-52: shows what a call makes of the members that it names', async () => {
    const only = await explained('smart', '--tokens', '1000', '--only', 'opencode/kimi-k2');
    expect(only).toMatchObject({ code: 0, destination: 'First call: safe → opencode/kimi-k2.' });
    const except = await explained('blend', '--tokens', '1000', '--except', 'meta/llama');
    expect(except.destination).toBe('First call: google/gemini.');
    expect(except.decision.candidates.map(({ share }) => share)).toEqual([1, undefined]);
    const file = await written('models.yaml', models);
    const { stdout } = await runCli(['explain', file, 'blend', '--tokens=1000', '--except=meta/llama']);
    expect(stdout).toMatch(/meta\/llama .*left out by the call/);
    const wrong = await runCli(['explain', file, 'smart', '--tokens=1000', '--only=blind', '--only=safe']);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'error: --only is "blind": no member is called so, did you mean "blend"? There are',
      ),
    });
    const all = ['--except=google/gemini', '--except=meta/llama', '--json'];
    const none = await runCli(['explain', file, 'blend', '--tokens=1000', ...all]);
    expect(none.code).toBe(2);
    expect(JSON.parse(none.stdout)).toMatchObject({
      error: {
        message: expect.stringMatching(/^--except is "google\/gemini", "meta\/llama": that leaves no/),
      },
    });
    // What is said in a file keeps its name.
    const passed = { prompt: 'Hi', providerOptions: { 'ai-alloy': { only: ['blind'] } } };
    const request = await written('request.json', JSON.stringify(passed));
    const { stderr } = await runCli(['explain', file, 'smart', '--request', request]);
    expect(stderr).toContain(`providerOptions['ai-alloy'].only[0] is "blind"`);
  });

  it('follows nested primitives to the model', async () => {
    const { destination, decision, ok, code } = await explained('smart', '--tokens', '240000');
    expect({ ok, code }).toEqual({ ok: true, code: 0 });
    expect(destination).toBe('First call: safe → opencode/kimi-k2.');
    expect(decision.order).toEqual(['safe']);
    expect(decision.candidates[2]!.decision!.candidates.map(({ fits }) => fits)).toEqual([true, false]);
  });

  it.each([
    ['smart', '1M', 'Refused: nothing in dispatcher "smart" can hold the request.'],
    ['alloy/blend', '300K', 'Refused: alloy "blend" takes only what all of its constituents can hold.'],
    ['local/qwen', '30000', 'Refused: model "local/qwen" can\'t hold the request.'],
    ['ruled', '1000', 'Refused: no rule matches, and there are no targets.'],
  ])('%s refuses %s tokens', async (id, tokens, message) => {
    const { ok, code, destination } = await explained(id, '--tokens', tokens);
    expect({ ok, code, destination }).toEqual({ ok: false, code: 1, destination: message });
  });

  it('R-29: takes metadata, and names the rule', async () => {
    const gold = await explained('--metadata', 'tier=gold', 'ruled', '--tokens', '1000');
    expect(gold.decision).toMatchObject({ reason: 'rule', rule: 0, order: ['opencode/kimi-k2'] });
    const seats = await explained('ruled', '--tokens=1000', '--metadata=tier=silver', '--metadata=seats=5');
    expect(seats.decision).toMatchObject({ reason: 'rule', rule: 'seats', order: ['local/qwen'] });
    const large = await explained('ruled', '--tokens', '500K', '--metadata', 'tier=gold');
    expect(large.destination).toBe("Refused: the target of rule 0 can't hold the request.");
  });

  it('takes a limit for the answer', async () => {
    const { decision } = await explained('smart', '--tokens', '1000', '--max-output-tokens', '100');
    expect(decision.candidates[0]!.demand.output).toBe(100);
    const file = await written('models.yaml', models);
    const { stdout } = await runCli([
      'explain',
      file,
      'local/qwen',
      '--tokens',
      '20',
      '--max-output-tokens',
      '50K',
    ]);
    expect(stdout).toMatch(/^model "local\/qwen"/);
    expect(stdout).toContain('too large: the output alone is');
  });

  it('tells all of a gateway of a hundred models', async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      id: `many/m${index}`,
      context_window: 1000 + index,
    }));
    const data = { models: many, cascades: [{ id: 'chat', steps: many.map(({ id }) => id) }] };
    const file = await written('many.json', JSON.stringify(data));
    const { stdout } = await runCli(['explain', file, 'chat', '--tokens', '100', '--json']);
    expect((JSON.parse(stdout) as Explained).decision.candidates).toHaveLength(100);
  });

  it('counts with js-tiktoken where the file says so, and it is installed', async () => {
    const file = await written(
      'exact.toml',
      '[tokenizer]\nkind = "tiktoken"\n[[models]]\nid = "openai/gpt-4o"\ncontext_window = 5000',
    );
    const { stdout } = await runCli(['explain', file, 'openai/gpt-4o', '--tokens', '1000', '--json']);
    const { decision, notes } = JSON.parse(stdout) as Explained;
    expect(decision.candidates[0]!.demand.estimator).toMatch(/^tiktoken\(o200k_base/);
    expect(notes).toEqual([]);
  });
});
