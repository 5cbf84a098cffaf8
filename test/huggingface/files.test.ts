import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Tokenizer } from '@huggingface/tokenizers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explain, type Candidate } from '../../src/index.ts';
import { createModelGateway, formatPath, parseGatewayConfig } from '../../src/gateway/index.ts';
import { huggingFaceTokenizer } from '../../src/huggingface/index.ts';
import { loadModelGateway } from '../../src/load/index.ts';
import { runCli } from '../cli/command-line.ts';
import { answers, errorOf } from '../support/models.ts';
import { bytePairTokenizer, chatConfig } from './tokenizers.ts';

const tokenizer = bytePairTokenizer();
const library = new Tokenizer(tokenizer, chatConfig);
const real = (text: string): number => library.encode(text, { add_special_tokens: false }).ids.length;
const prompt = 'The quick brown fox jumps over the lazy dog. '.repeat(40).trim();
const rendered = `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n`;
const providers = (id: string) => answers(id);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-alloy-kind-huggingface-'));
  mkdirSync(join(folder, 'qwen'));
  writeFileSync(join(folder, 'qwen/tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'qwen/tokenizer_config.json'), JSON.stringify(chatConfig));
  writeFileSync(join(folder, 'plain.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, data: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(data, null, 2));
  return file;
}

const model = (id: string, settings?: object) => ({
  id,
  context_window: real(rendered) + 1,
  default_output_tokens: 1,
  ...(settings && { tokenizer: settings }),
});

const ofFile = { kind: 'huggingface', path: './qwen/tokenizer.json', safety_margin: 1 };

async function candidatesOf(file: string | URL, id: string): Promise<readonly Candidate[]> {
  const gateway = await loadModelGateway(file, { providers });
  return (await explain(gateway.languageModel(id), { prompt })).candidates;
}

describe('kind huggingface in a file', () => {
  it('counts exactly for the model that it stands on; a path is one from the folder of the file', async () => {
    const file = written('models.json', { models: [model('local/qwen3', ofFile)] });
    for (const place of [file, pathToFileURL(file), pathToFileURL(file).href]) {
      const [candidate] = await candidatesOf(place, 'local/qwen3');
      expect(candidate).toMatchObject({ fits: true, demand: { input: real(rendered), basis: 'exact' } });
    }
  });

  it('takes another path for its config', async () => {
    const config = 'plain.json';
    const file = written('no-template.json', { models: [model('local/qwen3', { ...ofFile, config })] });
    const [candidate] = await candidatesOf(file, 'local/qwen3');
    expect(candidate!.demand.basis).toBe('exact');
    // Without a chat template, what is around a message is the usual surcharge.
    expect(candidate!.demand.input).not.toBe(real(rendered));
  });

  it('R-10: where several models share it, it is an estimate; what a model says itself is exact beside it', async () => {
    const shared = written('shared.json', {
      tokenizer: ofFile,
      models: [model('local/qwen3'), model('local/own', ofFile)],
      cascades: [{ id: 'both', steps: ['local/qwen3', 'local/own'] }],
    });
    const candidates = await candidatesOf(shared, 'both');
    expect(candidates.map(({ demand }) => demand.basis)).toEqual(['estimate', 'exact']);
  });

  it('loads a file once, and before the first call', async () => {
    const tokenizers = vi.fn(huggingFaceTokenizer);
    const many = Array.from({ length: 20 }, (_, index) => model(`local/m${index}`, ofFile));
    const other = model('local/other', { ...ofFile, safety_margin: 1.5 });
    const data = { models: [...many, other], cascades: [{ id: 'all', steps: ['local/m0', 'local/other'] }] };
    const options = { providers, huggingFaceTokenizer: tokenizers };
    const gateway = await loadModelGateway(written('many.json', data), options);
    expect(tokenizers).toHaveBeenCalledTimes(1);
    const estimator = tokenizers.mock.results[0]!.value as ReturnType<typeof huggingFaceTokenizer>;
    expect(estimator.load!()).toBeUndefined();
    const { candidates } = await explain(gateway.languageModel('all'), { prompt });
    expect(candidates.map(({ demand }) => demand.estimator)).toEqual([
      expect.stringMatching(/^huggingface\(.*qwen\/tokenizer\.json, 1\)$/),
      expect.stringMatching(/^huggingface\(.*qwen\/tokenizer\.json, 1\.5\)$/),
    ]);
  });

  it.each([
    ['a path without the kind', { path: 'x.json' }, 'tokenizer.path: "x.json": set kind = \'huggingface\''],
    [
      'a path of another kind',
      { kind: 'tiktoken', path: 'x.json' },
      'tokenizer.path: "x.json": kind tiktoken has no such setting',
    ],
    ['no path', { kind: 'huggingface' }, "tokenizer.path: missing: name the model's tokenizer.json"],
    ['an empty path', { kind: 'huggingface', path: '' }, 'tokenizer.path: "": use a text that is not empty'],
    [
      'sentencepiece',
      { kind: 'sentencepiece' },
      "use huggingface with the path of the model's tokenizer.json",
    ],
  ])('R-36: says what is wrong with %s', (_, settings, message) => {
    const { problems } = parseGatewayConfig({ tokenizer: settings });
    expect(problems.map((each) => `${formatPath(each.path)}: ${each.message}`).join()).toContain(message);
  });

  it('R-36: in code it wants the function', () => {
    const data = { models: [model('local/qwen3', ofFile)] } as const;
    expect(() => createModelGateway(data, { providers })).toThrow(
      /models\[0\]\.tokenizer\.kind: "huggingface": in code, pass huggingFaceTokenizer of ai-alloy\/huggingface/,
    );
    expect(() => createModelGateway(data, { providers, huggingFaceTokenizer })).not.toThrow();
  });

  it('R-36: a file that is missing or no tokenizer.json is a problem with its line', async () => {
    const data = {
      models: [
        model('local/a', { ...ofFile, path: 'nowhere.json' }),
        model('local/b', ofFile),
        model('local/c', { ...ofFile, path: '${PLACE}/plain.json' }),
        model('local/d', { ...ofFile, config: 'qwen/tokenizer.json' }),
      ],
    };
    const file = written('wrong.json', data);
    const loading = loadModelGateway(file, { providers, environment: { PLACE: '.' } });
    const { message } = (await errorOf(loading)) as Error;
    expect(message).toMatch(
      /wrong\.json:9:\d+ models\[0\]\.tokenizer\.path: ".*nowhere\.json": there is no such file/,
    );
    expect(message).toMatch(
      /models\[2\]\.tokenizer\.path: .*use the tokenizer\.json of a model, and this is an empty/,
    );
    expect(message).toMatch(/models\[3\]\.tokenizer\.config: .*and this is a tokenizer\.json/);
    expect(message).not.toContain('models[1]');
  });
});

describe('kind huggingface on the command line', () => {
  it('is counted with, without a package to install', async () => {
    const file = written('cli.json', { models: [model('local/qwen3', ofFile)] });
    const checked = await runCli(['check', file]);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await runCli(['explain', file, 'local/qwen3', '--prompt', '-', '--json'], {
      input: prompt,
    });
    const { decision } = JSON.parse(stdout) as { decision: { candidates: Candidate[] } };
    expect(decision.candidates[0]!.demand).toMatchObject({ input: real(rendered), basis: 'exact' });
  });

  it('says where a file is missing, and fetches nothing', async () => {
    const missing = written('cli-missing.json', {
      models: [model('local/a', { ...ofFile, path: 'no.json' })],
    });
    const { code, stdout, stderr } = await runCli(['check', missing]);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/models\[0\]\.tokenizer\.path: ".*no\.json": there is no such file/);
    const path = 'http://127.0.0.1:1/tokenizer.json';
    const remote = written('cli-remote.json', { models: [model('local/a', { ...ofFile, path })] });
    const checked = await runCli(['check', remote]);
    expect(checked.code).toBe(0);
    expect(checked.stdout).toContain('Note: a tokenizer.json that has a URL is not fetched');
  });
});
