import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
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
        const [options = '', examples = ''] = stdout.split('Examples:');
        const flags = [...options.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag!);
        expect(flags).toContain('--json');
        expect(flags.filter((flag) => !examples.includes(flag))).toEqual([]);
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
    ['no request', ['explain', 'FILE', 'smart'], /--tokens <n>, .*--messages <file> or --request <file>/],
    ['two requests', ['explain', 'FILE', 'smart', '--tokens', '20', '--prompt', 'a'], /cannot be used with/],
    [
      'two requests more',
      ['explain', 'FILE', 'smart', '--prompt', 'a', '--messages', 'a'],
      /cannot be used with/,
    ],
    ['no number', ['explain', 'FILE', 'smart', '--tokens', '1.5K'], /--tokens is "1.5K": use a whole number/],
    ['a negative number', ['explain', 'FILE', 'smart', '--tokens', '-5'], /--tokens/],
    [
      'far too many',
      ['explain', 'FILE', 'smart', '--tokens', '999999M'],
      /--tokens is "999999M": use at most/,
    ],
    [
      'no prompt file',
      ['explain', 'FILE', 'smart', '--prompt', 'gone.txt'],
      /"gone.txt": there is no such file/,
    ],
    [
      'a folder as prompt',
      ['explain', 'FILE', 'smart', '--prompt', '/tmp'],
      /--prompt is "\/tmp": it is not a file, but a directory/,
    ],
    ['no JSON', ['explain', 'FILE', 'smart', '--messages', 'FILE'], /--messages is not valid JSON/],
    ['no metadata', ['explain', 'FILE', 'smart', '--tokens', '20', '--metadata', 'gold'], /key=value/],
    [
      'metadata given twice',
      ['explain', 'FILE', 'smart', '--tokens', '20', '--metadata', 'a=1', '--metadata', 'a=2'],
      /--metadata a is given twice/,
    ],
    [
      'no time',
      ['explain', 'FILE', 'smart', '--tokens', '20', '--at', '23:30'],
      /--at is "23:30": write a time/,
    ],
    [
      'a time without a zone',
      ['explain', 'FILE', 'smart', '--tokens', '20', '--at', '2026-01-31T23:30'],
      /such as 2026-01-31T23:30Z/,
    ],
    [
      'a text that is longer than all',
      ['explain', 'FILE', 'smart', '--tokens', '20', '--text', 'a long story, told at length'],
      /--tokens is 20: a call with that --text is 21 or more, use that/,
    ],
    [
      'fewer tokens than a message is',
      ['explain', 'FILE', 'smart', '--tokens', '12'],
      /--tokens is 12: a call with a message is 13 or more, use that/,
    ],
    [
      'a day that there is not',
      ['explain', 'FILE', 'smart', '--tokens', '20', '--at', '2026-02-31T13:00Z'],
      /--at is "2026-02-31T13:00Z": there is no such time/,
    ],
    [
      'images beside messages',
      ['explain', 'FILE', 'smart', '--messages', 'FILE', '--has-images'],
      /'--has-images' cannot be used with option '--messages/,
    ],
    [
      'an unknown id',
      ['explain', 'FILE', 'smrt', '--tokens', '20'],
      /unknown model "smrt": did you mean "smart"\?/,
    ],
  ];

  it.each(cases)('%s', async (_, args, message) => {
    const file = await written('models.yaml', models);
    const own = args.map((each) => (each === 'FILE' ? file : each));
    const { code, stdout, stderr } = await runCli(own);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(stackTrace);
    if (args.length === 0) return; // --json belongs to a command
    const inJson = await runCli([...own, '--json']);
    const { ok, error } = JSON.parse(inJson.stdout) as { ok: boolean; error: { message: string } };
    expect({ ok, code: inJson.code, stderr: inJson.stderr }).toEqual({ ok: false, code: 2, stderr });
    expect(stderr.replaceAll('\n', ' ')).toContain(`error: ${error.message} `);
  });

  it.each([
    ['{}', 'pass a JSON list of messages'],
    ['[]', 'pass a JSON list of messages'],
    ['null', 'pass a JSON list of messages'],
    ['[null]', '--messages[0] is null: a message is'],
    ['[1]', '--messages[0] is 1: a message is'],
    ['[{"content":"a"}]', '--messages[0].role is missing: use'],
    ['[{"role":"nobody"}]', '--messages[0].content is missing: use a list of parts'],
    ['[{"role":"nobody","content":"a"}]', 'the request is not valid: '],
    ['[{"role":"user","content":[null]}]', '--messages[0].content is a list of 1: use a list of parts'],
    ['[{"role":"user","parts":{}}]', '--messages[0].parts is an object: use a list of parts'],
    ['[{"role":"nobody","parts":[]}]', "--messages: ai can't read these UI messages: Unsupported role"],
    ['[{"role":"user","parts":[]},{"role":"user","content":"a"}]', 'use one kind, UI or model messages'],
    ['[{"role":"tool","content":[{"type":"tool-result"}]}]', "not valid: ai can't read it (Cannot read"],
  ])('messages that are none: %s', async (input, message) => {
    expect(await refusalOf('--messages', input)).toMatch(literally(message));
  });

  it.each([
    ['[]', '--request is a list of 0: use a JSON object'],
    ['"sk-1"', '--request is a string: use a JSON object'],
    ['{', '--request is not valid JSON: use a JSON object'],
    ['{}', '--request: pass a prompt or messages, one of the two'],
    ['{"prompt":"a","messages":[]}', '--request: pass a prompt or messages, one of the two'],
    ['{"prompt":5}', '--request.prompt is 5: use a text'],
    ['{"messages":[null]}', '--request.messages[0] is null: a message is'],
    ['{"prompt":"a","tool":{}}', '--request.tool: there is no such option here, only prompt, messages, '],
    ['{"prompt":"a","tools":[]}', '--request.tools is a list of 0: use tools by their names'],
    [
      '{"prompt":"a","tools":{"b":{"inputSchema":1}}}',
      '--request.tools.b.inputSchema is 1: use a JSON Schema',
    ],
    ['{"prompt":"a","responseFormat":"json"}', '--request.responseFormat is "json": use { "type": "json" }'],
    ['{"prompt":"a","providerOptions":{"ai-alloy":1}}', '--request.providerOptions.ai-alloy is 1: use'],
    ['{"prompt":"a","apiKey":"sk-1"}', '--request.apiKey: there is no such option here, only prompt'],
    ['{"prompt":"a","providerOptions":{"b":"sk-1"}}', '--request.providerOptions.b is a string: use'],
    ['{"prompt":"a","maxOutputTokens":-1}', 'the request is not valid: .*maxOutputTokens'],
  ])('a request that is none: %s', async (input, message) => {
    expect(await refusalOf('--request', input)).toMatch(literally(message));
  });

  /** What is printed, which is a line. */
  async function refusalOf(option: string, input: string): Promise<string> {
    const file = await written('models.yaml', models);
    const { code, stdout, stderr } = await runCli(['explain', file, 'smart', option, '-'], { input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*\n$/);
    expect(stderr).not.toContain('sk-1');
    return stderr;
  }

  const literally = (message: string): RegExp => new RegExp(message.replaceAll(/[[\](){}]/g, '\\$&'));
});

describe('files that have no end, or are none', () => {
  const options = ['--prompt', '--messages', '--request'];

  it.each(options)('%s /dev/zero is refused', async (option) => {
    const file = await written('models.yaml', models);
    const { code, stderr } = await runCli(['explain', file, 'smart', option, '/dev/zero']);
    expect(stderr).toBe(
      `error: ${option} is "/dev/zero": it is not a file, but a pipe or a device: save what it holds in one\n`,
    );
    expect(code).toBe(2);
  });

  it.each(options)('%s of a pipe into which nobody writes is refused', async (option) => {
    const file = await written('models.yaml', models);
    const pipe = `${file}.${option}`;
    execFileSync('mkfifo', [pipe]);
    const { code, stderr } = await runCli(['explain', file, 'smart', option, pipe]);
    expect(stderr).toContain('it is not a file, but a pipe or a device');
    expect(code).toBe(2);
  });

  it.each(options)('%s of what is too long is refused before it is read', async (option) => {
    const file = await written('models.yaml', models);
    const long = `${file}.long`;
    await writeFile(long, '');
    await truncate(long, 1e12); // takes no space on the disk
    const { code, stderr } = await runCli(['explain', file, 'smart', option, long]);
    expect(stderr).toContain('it is longer than 67108864 bytes: shorten it');
    expect(code).toBe(2);
  });

  it('nor is standard input read without an end', async () => {
    const file = await written('models.yaml', models);
    const endless = spawn('yes', { stdio: ['ignore', 'pipe', 'ignore'] });
    const child = spawn(process.execPath, [builtCli, 'explain', file, 'smart', '--prompt', '-'], {
      stdio: [endless.stdout, 'ignore', 'pipe'],
    });
    const said = await textOf(child.stderr);
    expect(said).toContain('--prompt is "-": it is longer than 67108864 bytes: shorten it');
    endless.kill();
  });

  it.each(['prompt.txt', 'prompt-marked.txt'])('%s in UTF-16 is told what it is', async (name) => {
    const file = await written('models.yaml', models);
    const prompt = `${file}.${name}`;
    await writeFile(prompt, `${name === 'prompt.txt' ? '' : '\uFEFF'}Hello!`, 'utf16le');
    const { stderr } = await runCli(['explain', file, 'smart', '--prompt', prompt]);
    expect(stderr).toContain('it is not UTF-8 text, but UTF-16 or no text at all: save it as UTF-8');
  });

  it.each(['yaml', 'toml', 'json'])('a %s file of comments alone declares nothing', async (format) => {
    const file = await written(`later.${format}`, format === 'json' ? '// later\n' : '# later\n');
    for (const command of ['check', 'graph']) {
      const { code, stdout } = await runCli([command, file]);
      expect(stdout).toContain(`${file}: nothing is declared: use a table with models`);
      expect(code).toBe(1);
    }
  });
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
    for (const args of [['check'], ['graph'], ['explain', 'smart', '--tokens', '20']]) {
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
    const { stdout } = await runCli(['check', 'a.json', '--json'], { cli });
    const { ok, error } = JSON.parse(stdout) as { ok: boolean; error: { message: string } };
    expect(ok).toBe(false);
    expect(error.message).toMatch(/npm install ai$/);
  });

  it.each(['yaml', 'toml'])('reads and explains %s, and says who counts', async (format) => {
    const ai = join(folder, 'node_modules/ai');
    await symlink(fileURLToPath(new URL('../../node_modules/ai', import.meta.url)), ai).catch(
      () => undefined,
    );
    const exact = '[tokenizer]\nkind = "tiktoken"\n[[models]]\nid = "openai/gpt-4o"\ncontext_window = 50000';
    const text = { yaml: models, toml: exact }[format]!;
    const file = await written(`plain.${format}`, text);
    const note = 'Note: the file needs js-tiktoken, which is not installed';
    const checked = await runCli(['check', file], { cli });
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout.includes(note)).toBe(format === 'toml');
    const id = { yaml: 'smart', toml: 'openai/gpt-4o' }[format]!;
    const { stdout, code } = await runCli(['explain', file, id, '--tokens', '1000'], { cli });
    expect(code).toBe(0);
    expect(stdout.includes(note)).toBe(format === 'toml');
  });
});
