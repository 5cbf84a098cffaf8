import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCli, models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();
const stackTrace = /^\s+at .*:\d+|Error:.*\n\s+at /m;

describe('help', () => {
  it('of the whole says what the commands do, and what it exits with', async () => {
    const { stdout, code } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const command of ['check', 'explain', 'graph', 'schema'])
      expect(stdout).toContain(`  ${command} [options]`);
    expect(stdout).toContain('Exit codes: 0 fine; 1 problems found');
  });

  it.each(['check', 'explain', 'graph', 'schema'])(
    'of %s has an example and the exit codes',
    async (command) => {
      for (const args of [
        [command, '--help'],
        ['help', command],
      ]) {
        const { stdout, code } = await runCli(args);
        expect(code).toBe(0);
        expect(stdout).toContain(`npx ai-alloy ${command}`);
        expect(stdout).toMatch(/Exit codes: 0 fine; 1 .*; 2 wrong usage/);
        expect(stdout).toContain('--json');
      }
    },
  );

  it('--version is that of the package', async () => {
    const { stdout, code } = await runCli(['--version']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});

describe('wrong usage', () => {
  const cases: [string, string[], RegExp][] = [
    ['no command', [], /Usage: ai-alloy/],
    ['a mistyped command', ['chekc', 'FILE'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
    ['no file', ['check'], /missing required argument 'file'/],
    ['too many files', ['check', 'FILE', 'b.yaml'], /too many arguments/],
    ['a mistyped option', ['check', 'FILE', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['a wrong choice', ['check', 'FILE', '--undeclared', 'x'], /Allowed choices are error, ai-sdk/],
    ['a missing file', ['check', 'missing.yaml'], /"missing.yaml": there is no such file/],
    ['a folder', ['check', '/tmp'], /ends in .json, .yaml/],
    ['another extension', ['graph', 'models.ini'], /ends in .json, .yaml/],
    ['no request', ['explain', 'FILE', 'smart'], /--tokens <n>, --prompt <file> or --messages <file>/],
    ['two requests', ['explain', 'FILE', 'smart', '--tokens', '1', '--prompt', 'a'], /cannot be used with/],
    [
      'two requests more',
      ['explain', 'FILE', 'smart', '--prompt', 'a', '--messages', 'a'],
      /cannot be used with/,
    ],
    ['no number', ['explain', 'FILE', 'smart', '--tokens', '1.5K'], /--tokens is "1.5K": use a whole number/],
    ['a negative number', ['explain', 'FILE', 'smart', '--tokens', '-5'], /--tokens/],
    ['far too many', ['explain', 'FILE', 'smart', '--tokens', '999999M'], /--tokens is 999999M: use at most/],
    [
      'no prompt file',
      ['explain', 'FILE', 'smart', '--prompt', 'gone.txt'],
      /"gone.txt": there is no such file/,
    ],
    ['a folder as prompt', ['explain', 'FILE', 'smart', '--prompt', '/tmp'], /EISDIR/],
    ['no JSON', ['explain', 'FILE', 'smart', '--messages', 'FILE'], /--messages is not valid JSON/],
    ['no metadata', ['explain', 'FILE', 'smart', '--tokens', '1', '--metadata', 'gold'], /key=value/],
    [
      'an unknown id',
      ['explain', 'FILE', 'smrt', '--tokens', '1'],
      /unknown model "smrt": did you mean "smart"\?/,
    ],
  ];

  it.each(cases)('%s', async (_, args, message) => {
    const file = await written('models.yaml', models);
    const { code, stdout, stderr } = await runCli(args.map((each) => (each === 'FILE' ? file : each)));
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(stackTrace);
  });

  it.each(['{}', '[]', '[1]', '[{"role":"nobody"}]', '[{"role":"user","content":[{"type":"x"}]}]', 'null'])(
    'messages that are none: %s',
    async (input) => {
      const file = await written('models.yaml', models);
      const { code, stderr } = await runCli(['explain', file, 'smart', '--messages', '-'], { input });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: .*\n$/);
      expect(stderr).not.toMatch(stackTrace);
    },
  );
});

describe('files that cannot be parsed', () => {
  it.each([
    ['a.json', '{"a":'],
    ['b.yaml', 'a: 1\nb: "'],
    ['c.toml', 'a = \n'],
    ['d.json', '['.repeat(100_000)],
    ['e.yaml', 'a: !!js/function "process.exit(5)"'],
    ['f.json', ''],
    ['g.yaml', ''],
    ['h.toml', '[__proto__]\na = 1'],
  ])('%s is a problem, without a stack trace', async (name, text) => {
    const file = await written(name, text);
    for (const args of [['check'], ['graph'], ['explain', 'smart', '--tokens', '5']]) {
      const [command = '', ...rest] = args;
      const { code, stdout, stderr } = await runCli([command, file, ...rest]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toMatch(/1 problem\n$/);
      expect(stdout).not.toMatch(stackTrace);
    }
  });
});

describe('with nothing installed but ai', () => {
  let folder: string;
  let cli: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ai-alloy-npx-'));
    const copy = join(folder, 'node_modules/ai-alloy');
    const root = fileURLToPath(new URL('../..', import.meta.url));
    await mkdir(copy, { recursive: true });
    await cp(join(root, 'package.json'), join(copy, 'package.json'));
    await cp(dirname(builtCli), join(copy, 'dist'), { recursive: true });
    cli = join(copy, 'dist/cli.js');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says that ai is missing, where it is', async () => {
    const { code, stderr } = await runCli(['check', 'a.json'], { cli });
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot find package 'ai'.*npm install ai\n$/);
    expect(stderr).not.toMatch(stackTrace);
  });

  it.each(['yaml', 'toml'])('reads and explains %s, and says who counts', async (format) => {
    const ai = join(folder, 'node_modules/ai');
    await symlink(fileURLToPath(new URL('../../node_modules/ai', import.meta.url)), ai).catch(
      () => undefined,
    );
    const exact = '[tokenizer]\nkind = "tiktoken"\n[[models]]\nid = "openai/gpt-4o"\ncontext_window = 50000';
    const text = { yaml: models, toml: exact }[format]!;
    const file = await written(`plain.${format}`, text);
    expect(await runCli(['check', file], { cli })).toMatchObject({ code: 0, stderr: '' });
    const id = { yaml: 'smart', toml: 'openai/gpt-4o' }[format]!;
    const { stdout, code } = await runCli(['explain', file, id, '--tokens', '1000'], { cli });
    expect(code).toBe(0);
    expect(stdout.includes('Note: js-tiktoken is not installed')).toBe(format === 'toml');
  });
});
