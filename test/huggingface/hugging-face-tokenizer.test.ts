import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  cascade,
  type CascadeOptions,
  type Decision,
  InvalidConfigurationError,
  type TokenEstimator,
} from '../../src/index.ts';
import { huggingFaceTokenizer, type HuggingFaceTokenizerOptions } from '../../src/huggingface/index.ts';
import { answers, callOf, errorOf, type Call } from '../support/models.ts';
import { bytePairTokenizer, chatConfig, template } from './tokenizers.ts';

const tokenizer = bytePairTokenizer();
const plain = { eos_token: '<|im_end|>' };
const library = new Tokenizer(tokenizer, plain);
const real = (text: string): number => library.encode(text, { add_special_tokens: false }).ids.length;

let folder: string;
let server: Server;
let address: string;
const asked: string[] = [];

/** What the server has, by path. */
const served = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ai-alloy-huggingface-'));
  server = createServer((request, response) => {
    asked.push(request.url!);
    const body = served.get(request.url!.split('?')[0]!);
    response.writeHead(body === undefined ? 404 : body === '' ? 500 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  server.close();
});

/** A file in the folder, and its path. */
function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function loaded(options: HuggingFaceTokenizerOptions): Promise<TokenEstimator> {
  const estimator = huggingFaceTokenizer(options);
  await estimator.load!();
  return estimator;
}

const text = 'The quick brown fox: 敏捷的棕色狐狸! '.repeat(20);

describe('R-10 (huggingface): where the files come from', () => {
  it('takes objects, paths and URLs', async () => {
    const path = file('tokenizer.json', tokenizer);
    const config = file('tokenizer_config.json', plain);
    served.set('/qwen/tokenizer.json', JSON.stringify(tokenizer));
    served.set('/qwen/tokenizer_config.json', JSON.stringify(plain));
    const url = `${address}/qwen/tokenizer.json`;
    const sources: HuggingFaceTokenizerOptions[] = [
      { tokenizer, config: plain },
      { tokenizer: path },
      { tokenizer: path, config },
      { tokenizer: path, config: {} },
      { tokenizer: pathToFileURL(path) },
      { tokenizer: pathToFileURL(path).href, config: pathToFileURL(config) },
      { tokenizer: url },
      { tokenizer: new URL(url), config: new URL(`${address}/qwen/tokenizer_config.json`) },
      { tokenizer: `${url}?download=true` },
    ];
    for (const source of sources) {
      const estimator = await loaded({ ...source, safetyMargin: 1 });
      expect(estimator.estimateText(text)).toBe(real(text));
    }
    expect(asked).toContain('/qwen/tokenizer_config.json');
  });

  it('is named after its file, without what may be secret in a URL', () => {
    const at = (each: string | URL): string => huggingFaceTokenizer({ tokenizer: each }).id;
    expect(at('models/qwen3/tokenizer.json')).toBe('huggingface(models/qwen3/tokenizer.json, 1.02)');
    expect(at('https://user:hush@hub.example/qwen3/tokenizer.json?token=hush')).toBe(
      'huggingface(https://hub.example/qwen3/tokenizer.json, 1.02)',
    );
    expect(huggingFaceTokenizer({ tokenizer, config: {} }).id).toBe('huggingface(an object, 1.02)');
  });

  it('reads nothing until it is needed, then once, and again after a failure', async () => {
    const path = '/later/tokenizer.json';
    const estimator = huggingFaceTokenizer({ tokenizer: address + path, config: {} });
    const requests = (): number => asked.filter((each) => each === path).length;
    expect(requests()).toBe(0);
    expect(() => estimator.estimateText('a')).toThrow('await load() first');
    await expect(estimator.load!()).rejects.toThrow('there is no such file');
    served.set(path, JSON.stringify(tokenizer));
    await Promise.all([estimator.load!(), estimator.load!()]);
    expect(requests()).toBe(2);
    expect(estimator.load!()).toBeUndefined();
  });

  it('R-9: another margin shares what is loaded', async () => {
    const estimator = await loaded({ tokenizer, config: plain });
    const more = estimator.withSafetyMargin!(1.5);
    expect(more.load!()).toBeUndefined();
    expect(more.id).toBe('huggingface(an object, 1.5)');
    expect(more.estimateText(text)).toBe(Math.ceil(real(text) * 1.5));
    expect(estimator.estimateText(text)).toBe(Math.ceil(real(text) * 1.02));
    expect(() => estimator.withSafetyMargin!(0.5)).toThrow('use at least 1');
  });
});

describe('R-36: what is wrong', () => {
  const option = (options: object): unknown => {
    try {
      return huggingFaceTokenizer(options as HuggingFaceTokenizerOptions);
    } catch (error) {
      expect(InvalidConfigurationError.isInstance(error)).toBe(true);
      return (error as Error).message;
    }
  };

  it.each<[object, string]>([
    [{}, 'huggingFaceTokenizer.tokenizer is undefined: pass the tokenizer.json of the model'],
    [{ tokenizer: '' }, 'huggingFaceTokenizer.tokenizer is "": pass the tokenizer.json'],
    [{ tokenizer: [] }, 'huggingFaceTokenizer.tokenizer is a list of 0: pass the tokenizer.json'],
    [{ tokenizer }, 'huggingFaceTokenizer.config is undefined: pass the tokenizer_config.json of the model'],
    [{ tokenizer: 'x.json', config: 5 }, 'huggingFaceTokenizer.config is 5: pass the tokenizer_config.json'],
    [
      { tokenizer, config: {}, safetyMargin: 0.9 },
      'huggingFaceTokenizer.safetyMargin is 0.9: use at least 1',
    ],
    [
      { tokenizer, config: {}, margin: 2 },
      'huggingFaceTokenizer.margin is a number: there is no such option',
    ],
    [{ tokenizer: chatConfig, config: {} }, 'this is a tokenizer_config.json: that is for config'],
    [{ tokenizer: {}, config: {} }, 'this is an empty object'],
    [{ tokenizer: { a: 1, b: 2 }, config: {} }, 'this is an object with a, b'],
    [{ tokenizer: tokenizer.model.vocab, config: {} }, 'keys: a vocab.json has no merges'],
    [{ tokenizer: { model: { type: 'BPE' } }, config: {} }, 'this is one without a vocabulary (model.vocab)'],
    [{ tokenizer, config: tokenizer }, 'this is a tokenizer.json'],
  ])('says so at construction: %#', (options, message) => {
    expect(option(options)).toContain(message);
  });

  it.each<[string, string | object, string]>([
    ['empty.json', '', 'this is an empty file'],
    ['page.json', '<!DOCTYPE html><html></html>', 'this is an HTML page'],
    [
      'lfs.json',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0',
      'a pointer of Git LFS, not the file',
    ],
    ['model.gguf', 'GGUF\u0003\0\0\0', 'a GGUF model, which has its tokenizer inside'],
    [
      'tokenizer.model',
      '\n\u000e\n\u0005<unk>\u0015\0\0\0\0',
      'a SentencePiece model (tokenizer.model): save',
    ],
    ['random.bin', '\u0001\u0002\uFFFD', 'this is no text'],
    ['broken.json', '{ "model": ', 'this is no JSON'],
    ['list.json', '[1, 2]', 'this is a list of 2'],
    ['number.json', '42', 'this is JSON, but no object'],
    ['config.json', chatConfig, 'this is a tokenizer_config.json: that is for config'],
    [
      'kind.json',
      { ...tokenizer, model: { ...tokenizer.model, type: 'Unheard-of' } },
      'one of the type "Unheard-of"',
    ],
  ])('says what was found in %s', async (name, content, message) => {
    const path = file(name, content);
    const error = await loaded({ tokenizer: path, config: {} }).catch((thrown: unknown) => thrown);
    expect(InvalidConfigurationError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain(path);
  });

  it('says where a file is missing, and what a server answers', async () => {
    const missing = loaded({ tokenizer: join(folder, 'nowhere.json'), config: {} });
    await expect(missing).rejects.toThrow('nowhere.json": there is no such file');
    const alone = join(mkdtempSync(join(folder, 'alone-')), 'tokenizer.json');
    writeFileSync(alone, JSON.stringify(tokenizer));
    const beside = loaded({ tokenizer: alone });
    await expect(beside).rejects.toThrow(
      /huggingFaceTokenizer.config is ".*tokenizer_config.json": there is no such file beside the tokenizer.json/,
    );
    served.set('/broken/tokenizer.json', '');
    const broken = loaded({ tokenizer: `${address}/broken/tokenizer.json?token=hush`, config: {} });
    const error = (await broken.catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('its server answered with status 500');
    expect(error.message).not.toContain('hush');
    const closed = loaded({ tokenizer: 'http://127.0.0.1:1/tokenizer.json', config: {} });
    await expect(closed).rejects.toThrow(/could not be fetched/);
    const isFolder = loaded({ tokenizer: folder, config: {} });
    await expect(isFolder).rejects.toThrow('it could not be read (EISDIR)');
  });
});

describe('R-11: a call as the chat template writes it', () => {
  const call = {
    prompt: [
      { role: 'system', content: 'You are a fox.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Who jumps?' },
          { type: 'text', text: 'And over whom?' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Foxes do.' },
          { type: 'text', text: 'Let me see.' },
          {
            type: 'tool-call',
            toolCallId: '1',
            toolName: 'look',
            input: { where: ['garden', 'street'], times: 2 },
          },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'look',
            output: { type: 'json', value: { seen: 'a dog' } },
          },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'So?' }] },
    ],
    tools: [
      {
        type: 'function',
        name: 'look',
        description: 'Looks somewhere',
        inputSchema: { type: 'object', properties: { where: { type: 'array' }, times: { type: 'number' } } },
      },
    ],
  } as unknown as Call;

  /** The same in the words of chat templates. */
  const rendered = new Template(template).render({
    eos_token: '<|im_end|>',
    add_generation_prompt: true,
    messages: [
      { role: 'system', content: 'You are a fox.' },
      { role: 'user', content: 'Who jumps?\nAnd over whom?' },
      {
        role: 'assistant',
        content: 'Let me see.',
        reasoning_content: 'Foxes do.',
        tool_calls: [
          {
            type: 'function',
            function: { name: 'look', arguments: { where: ['garden', 'street'], times: 2 } },
          },
        ],
      },
      { role: 'tool', content: '{"seen":"a dog"}' },
      { role: 'user', content: 'So?' },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: 'look',
          description: 'Looks somewhere',
          parameters: { type: 'object', properties: { where: { type: 'array' }, times: { type: 'number' } } },
        },
      },
    ],
  });

  const exactly = { tokenizer, config: chatConfig, safetyMargin: 1 };

  it('counts roles, tools and the words around them', async () => {
    expect(rendered).toContain('<|im_start|>system\nYou are a fox.');
    expect(rendered).toContain('"arguments": {"where": ["garden", "street"], "times": 2}');
    const estimator = huggingFaceTokenizer(exactly);
    expect(await estimator.estimateCall!(call, real(rendered))).toBe(real(rendered));
  });

  it('settles for an upper bound far below the limit, and stops above it', async () => {
    const estimator = await loaded(exactly);
    const bound = Buffer.byteLength(rendered);
    expect(await estimator.estimateCall!(call, bound)).toEqual({ bound });
    expect(await estimator.estimateCall!(call, bound - 1)).toBe(real(rendered));
    const long = callOf(text.repeat(500));
    const stopped = await estimator.estimateCall!(long, 100);
    expect(stopped).toBeGreaterThan(100);
    expect(stopped).toBeLessThan(real(text) * 50);
  });

  it('R-38: the decision says exact on the member that it is declared on, and a bound where that is enough', async () => {
    const model = answers('qwen3');
    const input = real(rendered);
    const demandOf = async (contextWindow: number) => {
      const estimator = huggingFaceTokenizer(exactly);
      const steps = [{ model, contextWindow, estimator, defaultOutputTokens: 1 }];
      const { candidates } = await decided({ steps }, call);
      return candidates[0]!;
    };
    expect(await demandOf(input + 1)).toMatchObject({ fits: true, demand: { input, basis: 'exact' } });
    expect(await demandOf(input)).toMatchObject({
      fits: false,
      demand: { input, basis: 'exact', atLeast: true },
    });
    expect(await demandOf(100_000)).toMatchObject({
      fits: true,
      demand: { input: Buffer.byteLength(rendered), basis: 'bound' },
    });
  });

  it('R-10: inherited from a primitive it is an estimate, which the vendor factor of a member multiplies', async () => {
    const estimator = huggingFaceTokenizer(exactly);
    const of = (id: string) => answers(id);
    const sizes = { contextWindow: 5000, defaultOutputTokens: 4500 };
    const steps = [
      { model: of('qwen3'), ...sizes },
      { model: of('claude-sonnet-4-5'), ...sizes },
      { model: of('qwen3'), id: 'own', estimator, ...sizes },
      { model: of('claude-sonnet-4-5'), id: 'said', estimator, vendor: 1.25, ...sizes },
    ];
    const { candidates } = await decided({ estimator, steps }, call);
    const [inherited, claude, own, said] = candidates.map(({ demand }) => demand);
    expect(inherited).toMatchObject({ basis: 'estimate' });
    expect(claude).toMatchObject({ basis: 'estimate', input: Math.ceil(real(rendered) * 1.25) });
    expect(own).toMatchObject({ basis: 'exact', input: real(rendered) });
    expect(said).toMatchObject({ basis: 'estimate', input: Math.ceil(real(rendered) * 1.25) });
  });

  it('walks what the template has no words for, and what it refuses', async () => {
    const estimator = await loaded(exactly);
    const image = { type: 'file', mediaType: 'image/png', data: new Uint8Array(9) };
    const withImage = { prompt: [{ role: 'user', content: [image] }] } as unknown as Call;
    expect(await estimator.estimateCall!(withImage)).toBeUndefined();
    const strict = await loaded({ ...exactly, config: { chat_template: "{{ raise_exception('no') }}" } });
    expect(await strict.estimateCall!(call)).toBeUndefined();
    const without = await loaded({ ...exactly, config: plain });
    expect(await without.estimateCall!(call)).toBeUndefined();
    const model = answers('qwen3');
    const steps = [{ model, contextWindow: 100, estimator: without, defaultOutputTokens: 1 }];
    const { candidates } = await decided({ steps }, callOf(text));
    expect(candidates[0]!.demand).toMatchObject({ basis: 'exact', atLeast: true });
  });

  it.each([
    ['tools', template.replace('{%- if tools %}', '{%- if false %}')],
    ['calls', template.replaceAll('message.tool_calls', 'false')],
    ['results', template.replace("+ message.content + '\\n</tool_response>", "+ '</tool_response>")],
  ])(
    'walks a call with tools where the template leaves out %s, which a server adds itself',
    async (_, cut) => {
      expect(cut).not.toBe(template);
      const estimator = await loaded({ ...exactly, config: { ...chatConfig, chat_template: cut } });
      const { prompt, tools } = call as unknown as { prompt: object[]; tools: object[] };
      const [system, user, ...rest] = prompt;
      const estimate = (part: object) => estimator.estimateCall!(part as Call, 1);
      expect(estimate({ prompt: [system, user], tools })).toBeUndefined();
      expect(estimate({ prompt: [system, user, rest[0]] })).toBeUndefined();
      expect(estimate({ prompt: [system, user, rest[1]] })).toBeUndefined();
      expect(await estimate({ prompt: [system, user] })).toBeGreaterThan(1);
    },
  );

  it('takes the template for tools where there are several, and one of a file of its own', async () => {
    const several = {
      chat_template: [
        { name: 'default', template: 'plain' },
        { name: 'tool_use', template },
      ],
    };
    const estimator = await loaded({ ...exactly, config: several });
    expect(await estimator.estimateCall!(call, real(rendered))).toBe(real(rendered));
    expect(await estimator.estimateCall!(callOf('x'), 4)).toBe(real('plain'));
    const beside = mkdtempSync(join(folder, 'jinja-'));
    writeFileSync(join(beside, 'tokenizer.json'), JSON.stringify(tokenizer));
    writeFileSync(join(beside, 'tokenizer_config.json'), JSON.stringify(plain));
    writeFileSync(join(beside, 'chat_template.jinja'), template);
    const fromFile = await loaded({ tokenizer: join(beside, 'tokenizer.json'), safetyMargin: 1 });
    expect(await fromFile.estimateCall!(call, real(rendered))).toBe(real(rendered));
  });

  it('counts the schema of the answer as well', async () => {
    const estimator = await loaded(exactly);
    const schema = { type: 'object', properties: { fox: { type: 'string' } } };
    const withSchema = { ...call, responseFormat: { type: 'json', schema } } as unknown as Call;
    const more = (await estimator.estimateCall!(withSchema, real(rendered) * 1.2)) as number;
    expect(more).toBe(real(rendered + JSON.stringify(schema)));
  });

  it('counts a conversation that goes on without tokenizing what it knows', async () => {
    const estimator = await loaded(exactly);
    const turns = Array.from({ length: 60 }, (_, turn) => ({
      role: turn % 2 === 0 ? 'user' : 'assistant',
      content: [{ type: 'text', text: `${turn}. ${text}` }],
    }));
    const first = { prompt: turns.slice(0, 59) } as unknown as Call;
    const next = { prompt: turns } as unknown as Call;
    const tokenize = vi.spyOn(Tokenizer.prototype, 'tokenize');
    await estimator.estimateCall!(first, 20_000);
    const before = tokenize.mock.calls.length;
    await estimator.estimateCall!(next, 20_000);
    expect(before).toBeGreaterThan(50);
    expect(tokenize.mock.calls.length - before).toBeLessThan(15);
    tokenize.mockRestore();
  });
});

/** What is decided about a call that is there already. */
async function decided(options: CascadeOptions, call: Call): Promise<Decision> {
  const decisions: Decision[] = [];
  const model = cascade({ ...options, onDecision: (decision) => decisions.push(decision) });
  await errorOf(model.doGenerate(call as never)).catch(() => undefined);
  return decisions[0]!;
}
