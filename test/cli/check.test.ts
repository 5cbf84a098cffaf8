import { describe, expect, it } from 'vitest';
import { models, runCli, temporaryFiles } from './command-line.ts';

const written = temporaryFiles();

describe('check', () => {
  it('says what it found in a file without problems', async () => {
    const file = await written('models.yaml', models);
    const { stdout, stderr, code } = await runCli(['check', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `${file}: no problems`,
      '  2 models: local/qwen, opencode/kimi-k2',
      '  1 alloy: blend',
      '  1 cascade: safe',
      '  2 dispatchers: smart, ruled',
      '',
    ]);
    const { stdout: json } = await runCli(['check', file, '--json'], {
      environment: { KIMI: 'moonshot/kimi' },
    });
    expect(JSON.parse(json)).toEqual({
      ok: true,
      file,
      problems: [],
      found: {
        models: ['local/qwen', '${KIMI:-opencode/kimi-k2}'],
        alloys: ['blend'],
        cascades: ['safe'],
        dispatchers: ['smart', 'ruled'],
      },
      notes: [],
    });
  });

  const wrong: [string, string, [number, string][]][] = [
    [
      'wrong.yaml',
      'models:\n  - id: qwen\n    context_window: 1.5M\ncascades:\n  - id: a\n    steps: [qwne, cascade/b]\n  - id: b\n    steps:\n      - a\n',
      [
        [3, 'models[0].context_window'],
        [6, 'cascades[0].steps[0]'],
        [9, 'cascades[1].steps[0]'],
      ],
    ],
    [
      'wrong.toml',
      '[[models]]\nid = "qwen"\ncontext_window = "1.5M"\n[[cascades]]\nid = "a"\nsteps = ["qwne", "cascade/b"]\n[[cascades]]\nid = "b"\nsteps = [\n  "a"\n]\n',
      [
        [3, 'models[0].context_window'],
        [6, 'cascades[0].steps[0]'],
        [10, 'cascades[1].steps[0]'],
      ],
    ],
    [
      'wrong.json',
      '{"models": [{ "id": "qwen",\n"context_window": "1.5M" }],\n"cascades": [{ "id": "a",\n"steps": ["qwne", "cascade/b"] },\n{ "id": "b", "steps": ["a"] }] }',
      [
        [2, 'models[0].context_window'],
        [4, 'cascades[0].steps[0]'],
        [5, 'cascades[1].steps[0]'],
      ],
    ],
  ];

  it.each(wrong)('R-36: says all that is wrong with %s, and where', async (name, text, expected) => {
    const file = await written(name, text);
    const { stdout, code } = await runCli(['check', file]);
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe(`${file}: 3 problems`);
    for (const [index, [line, at]] of expected.entries()) {
      expect(lines[index]).toMatch(
        new RegExp(`wrong.\\w+:${line}:\\d+ ${at.replaceAll(/[[\].]/g, '\\$&')}: `),
      );
    }
    expect(lines[1]).toContain('unknown model "qwne", did you mean "qwen"?');
    expect(lines[2]).toContain('a → b → a');
    const { stdout: json, code: jsonCode } = await runCli(['check', file, '--json']);
    const { ok, problems } = JSON.parse(json) as { ok: boolean; problems: { at: string; line: number }[] };
    expect({ ok, jsonCode }).toEqual({ ok: false, jsonCode: 1 });
    expect(problems.map(({ line, at }) => [line, at])).toEqual(expected);
  });

  it('shows the text of a variable, never its value', async () => {
    const file = await written(
      'secret.json',
      '{"models":[{"id":"a"}],"cascades":[{"id":"b","steps":["${SECRET}","${GONE}"]}]}',
    );
    const { stdout } = await runCli(['check', file], { environment: { SECRET: 'hush-hush' } });
    expect(stdout).toContain('unknown model "${SECRET}"');
    expect(stdout).toContain('${GONE}: the environment variable GONE is not set');
    expect(stdout).toContain('2 problems');
    expect(stdout).not.toContain('hush');
  });

  it('prints no line breaks or control characters of a file', async () => {
    const file = await written('control.json', '{"models":[{"id":"a\\u001b[31m\\nb","x":1}],"\\u001b[2J":1}');
    const { stdout } = await runCli(['check', file]);
    expect(stdout).not.toContain('\u001b');
  });

  it.each(['check', 'explain'])('R-36: %s knows the models of a tokenizer', async (command) => {
    const file = await written(
      'exact.yaml',
      'tokenizer: { kind: tiktoken, model: gpt-nine }\nmodels: [{ id: a }]',
    );
    const { stdout, code } = await runCli([
      command,
      file,
      ...(command === 'check' ? [] : ['a', '--tokens=20']),
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'exact.yaml:1:30 tokenizer.model: "gpt-nine": its encoding isn\'t known: pass one of',
    );
  });

  it('puts a colon behind the place of what is wrong with the whole', async () => {
    const { stdout } = await runCli(['check', await written('list.yaml', '- a\n')]);
    expect(stdout).toContain('list.yaml: a list of 1: use a table with models');
  });

  it('R-29: notes a rule that leaves nothing to those behind it', async () => {
    const rules = (...whens: object[]) => whens.map((when) => ({ ...when, target: 'a' }));
    const notesOf = async (...whens: object[]): Promise<unknown> => {
      const data = { models: [{ id: 'a' }], dispatchers: [{ id: 'd', rules: rules(...whens) }] };
      const run = await runCli(['check', await written('rules.json', JSON.stringify(data)), '--json']);
      expect(run.code).toBe(0);
      return (JSON.parse(run.stdout) as { notes: unknown }).notes;
    };
    const text = { when: { text: 'refund' } };
    expect(await notesOf(text, { id: 'all', when: {} }, text)).toEqual([
      'dispatcher "d": rule all has no conditions, so the rules after it never match: put it last',
    ]);
    expect(await notesOf(text, { fits_target: true }, {})).toEqual([]);
  });

  it('R-42: notes a rule whose target lacks what the rule asks for', async () => {
    const notesOf = async (target: string, ...rules: object[]): Promise<unknown> => {
      const data = {
        models: [
          {
            id: 'text',
            context_window: '8K',
            supports: { images: false, json: false },
            settings: { seed: 1 },
          },
          { id: 'able', context_window: '8K' },
        ],
        cascades: [
          { id: 'texts', steps: ['text', { model: 'able', supports: { images: false } }] },
          { id: 'some', steps: ['text', 'able'] },
        ],
        alloys: [{ id: 'blend', constituents: ['text', 'able'] }],
        dispatchers: [{ id: 'd', rules: rules.map((rule) => ({ ...rule, target })), targets: ['able'] }],
      };
      const run = await runCli(['check', await written('supports.json', JSON.stringify(data)), '--json']);
      expect(run.code).toBe(0);
      return (JSON.parse(run.stdout) as { notes: unknown }).notes;
    };
    const images = { when: { has_images: true, has_tools: true } };
    const refused = (what: string, target: string): string =>
      `dispatcher "d": rule 0 is for requests with ${what}, which its target "${target}" does not support, so all that it matches are refused: name another target, or correct its supports`;
    for (const target of ['text', 'texts', 'blend'])
      expect(await notesOf(target, images)).toEqual([refused('images', target)]);
    expect(await notesOf('some', images)).toEqual([]);
    expect(await notesOf('text', { when: { has_images: false } }, { when: { has_tools: true } })).toEqual([]);
    const both = { when: { has_images: true, response_format: 'json' } };
    expect(await notesOf('blend', both)).toEqual([refused('images and a response format of JSON', 'blend')]);
    expect(await notesOf('text', { id: 'seen', fits_target: true, ...images })).toEqual([
      expect.stringContaining(
        'rule seen is for requests with images, which its target "text" does not support, so it never matches: ',
      ),
    ]);
  });

  it('R-27: notes a target without a size ahead of one that has one, and so does explain', async () => {
    const file = await written(
      'catch-all.yaml',
      'models:\n  - { id: "${ANY}" }\n  - { id: small, context_window: 8K }\ndispatchers:\n  - { id: d, targets: ["${ANY}", small] }\n',
    );
    const environment = { ANY: 'hush/any' };
    const note =
      'Note: dispatcher "d": target "${ANY}" has no size and takes every request, so it is asked last, also after "small": declare its context_window, or put it last';
    const checked = await runCli(['check', file], { environment });
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toContain(note);
    const explained = await runCli(['explain', file, 'd', '--tokens', '100'], { environment });
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(explained.stdout).toContain(note);
  });

  it('leaves references to the AI SDK where it is told to', async () => {
    const file = await written('open.json', '{"cascades":[{"id":"a","steps":["openai/gpt-5"]}]}');
    expect((await runCli(['check', file])).code).toBe(1);
    expect((await runCli(['check', file, '--undeclared', 'ai-sdk'])).code).toBe(0);
  });
});

describe('schema', () => {
  it.each([[['schema']], [['schema', '--json']]])('%s prints the JSON Schema', async (args) => {
    const { stdout, code } = await runCli(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { dispatchers: {} } });
  });
});
