import { afterEach, describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../src/index.ts';
import { askContextWindow, type AskContextWindowOptions } from '../../src/local/index.ts';
import { errorOf } from '../support/models.ts';
import { LocalServer } from './local-server.ts';
import { servers } from './servers.ts';

const started: LocalServer[] = [];
afterEach(() => {
  for (const server of started.splice(0)) server.stop();
});

async function start(...args: Parameters<typeof LocalServer.start>): Promise<LocalServer> {
  const server = await LocalServer.start(...args);
  started.push(server);
  return server;
}

async function reasonOf(options: AskContextWindowOptions): Promise<string> {
  const error = await errorOf(askContextWindow(options));
  expect(InvalidConfigurationError.isInstance(error)).toBe(true);
  return (error as Error).message;
}

type Name = keyof typeof servers;

describe('what a server holds', () => {
  it.each<[Name, string | undefined, number]>([
    ['llamaCpp', 'made-up.gguf', 1024],
    ['llamaCpp', 'any name: it answers all', 1024],
    ['llamaCpp', undefined, 1024],
    ['llamaCppRouter', 'alpha', 1024],
    ['vllm', 'Qwen/Qwen3-8B', 8192],
    ['vllm', 'legal', 8192],
    ['vllm', undefined, 8192],
    ['ollama', 'qwen3:8b', 4096],
    ['ollama', 'gemma3', 16_384],
    ['ollama', 'gemma3:latest', 16_384],
    ['lmStudio', 'google/gemma-4-26b-a4b', 2048],
    ['lmStudio', 'google/gemma-4-26b-a4b:2', 2048],
    ['lmStudio', 'google/gemma-4-26b-a4b@q4_k_m', 2048],
    ['lmStudioBefore04', 'google/gemma-4-26b-a4b', 8192],
    ['lmStudioBefore04', undefined, 8192],
  ])('%s, %s: %s', async (name, model, tokens) => {
    const { baseURL } = await start(servers[name]);
    expect(await askContextWindow({ baseURL, ...(model !== undefined && { model }) })).toBe(tokens);
  });

  it.each<[Name, string | undefined, string]>([
    ['llamaCppLoading', 'a', 'it says "Loading model": wait for it'],
    ['llamaCppRouter', undefined, 'it serves several models: say which, as model'],
    ['llamaCppRouter', 'beta', 'it says "model is not loaded": load the model first'],
    ['llamaCppRouter', 'gamma', `it says "model 'gamma' not found"`],
    ['vllm', 'qwen', 'it serves "Qwen/Qwen3-8B", "legal", and not "qwen": name one of them'],
    ['ollama', 'mistral:7b', 'it has not loaded "mistral:7b": send it a request first'],
    ['ollama', 'llama3', 'it serves "qwen3:8b", "gemma3:latest", "mistral:7b", and not "llama3"'],
    ['ollama', undefined, 'it has loaded several models: say which, as model'],
    ['ollamaOfOld', 'qwen3:8b', 'it does not say what it loaded the model with: update it'],
    ['lmStudio', 'deepseek-r1', 'it has not loaded "deepseek-r1": send it a request first'],
    ['lmStudioBefore04', 'deepseek-r1', 'it has not loaded "deepseek-r1": send it a request first'],
    ['unknown', 'qwen3', 'it does not say what it holds'],
  ])(
    'R-36: %s, %s: says why it is not known, rather than what the model was trained for',
    async (name, model, reason) => {
      const { baseURL } = await start(servers[name]);
      const message = await reasonOf({ baseURL, ...(model !== undefined && { model }) });
      expect(message).toContain(`askContextWindow.baseURL is "${baseURL}": ${reason}`);
      expect(message).toContain('; or declare the contextWindow yourself.');
    },
  );

  it('takes the address with and without /v1, and /api of Ollama', async () => {
    const { root } = await start(servers.ollama);
    for (const end of ['', '/', '/v1', '/v1/', '/api']) {
      expect(await askContextWindow({ baseURL: root + end, model: 'qwen3:8b' })).toBe(4096);
    }
  });

  it('takes the address of a proxy that has the server below a path', async () => {
    const below = Object.entries(servers.vllm).map(([path, answer]) => [`/gpu/7${path}`, answer]);
    const { root } = await start(Object.fromEntries(below));
    expect(await askContextWindow({ baseURL: `${root}/gpu/7/v1`, model: 'legal' })).toBe(8192);
  });

  it('asks for nothing that would load a model', async () => {
    const server = await start(servers.llamaCppRouter);
    await reasonOf({ baseURL: server.baseURL, model: 'beta' });
    expect(server.asked[0]).toBe('/props');
    expect(server.asked[1]).toBe('/props?model=beta&autoload=false');
    expect(server.asked.filter((path) => path.includes('beta'))).toHaveLength(1);
    expect(server.asked.filter((path) => !path.startsWith('/'))).toEqual([]);
  });

  it.each([0, -1, 1.5, 1e15, '4096', null, {}, [8192]])('takes no %j for a size', async (length) => {
    const data = [{ id: 'a', max_model_len: length, meta: length }];
    const { baseURL } = await start({
      '/props': { body: { default_generation_settings: { n_ctx: length } } },
      '/v1/models': { body: { data } },
      '/api/ps': { body: { models: [{ name: 'a', context_length: length }, null, 'text'] } },
    });
    expect(await reasonOf({ baseURL, model: 'a' })).toContain(
      'it does not say what it loaded the model with',
    );
  });

  it.each([
    '',
    'no JSON',
    'null',
    '[]',
    '[null]',
    '"text"',
    '{"data":{}}',
    '{"data":[null,1,"x"],"models":7}',
  ])('R-36: a server that answers %j to everything says nothing', async (body) => {
    const paths = ['/props', '/v1/models', '/api/ps', '/api/v1/models', '/api/v0/models'];
    const { baseURL } = await start(Object.fromEntries(paths.map((path) => [path, { body }])));
    expect(await reasonOf({ baseURL, model: 'a' })).toContain('it does not say what it holds');
  });

  it('sends the key, and says where one is wanted', async () => {
    const server = await start(servers.vllm, { key: 'hush-hush' });
    const { baseURL } = server;
    expect(await askContextWindow({ baseURL, model: 'legal', apiKey: 'hush-hush' })).toBe(8192);
    expect([...server.keys]).toEqual(['Bearer hush-hush']);
    expect(await reasonOf({ baseURL })).toContain('it wants an API key (status 401): pass it as apiKey');
    const message = await reasonOf({ baseURL, apiKey: 'another-secret' });
    expect(message).toContain('it wants another API key (status 401)');
    expect(message).not.toContain('another-secret');
  });

  it('R-36: a server that is not there, or says nothing in time', async () => {
    const gone = await start(servers.vllm);
    const { baseURL } = gone;
    gone.stop();
    expect(await reasonOf({ baseURL })).toContain("it can't be asked (ECONNREFUSED): start it");
    const silent = await start(servers.vllm, { silent: true });
    const message = await reasonOf({ baseURL: silent.baseURL, timeoutMs: 50 });
    expect(message).toContain('it did not answer within 50 ms: start it');
    expect(silent.asked).toHaveLength(1);
  });
});

describe('R-36: wrong options', () => {
  const baseURL = 'http://127.0.0.1:8080/v1';
  it.each<[object, string]>([
    [{}, 'askContextWindow.baseURL is undefined: pass the address of the server'],
    [
      { baseURL: '127.0.0.1:8080' },
      'askContextWindow.baseURL is "127.0.0.1:8080": pass the address of the server',
    ],
    [{ baseURL: 'ftp://x/v1' }, 'askContextWindow.baseURL is a URL: pass the address of the server'],
    [{ baseURL: 7 }, 'askContextWindow.baseURL is 7: pass the address'],
    [
      { baseURL: 'http://me:hush@x/v1' },
      'askContextWindow.baseURL is "http://…@x/v1": take the user and the password',
    ],
    [{ baseURL, model: '' }, 'askContextWindow.model is "": pass the name of a model'],
    [{ baseURL, model: 7 }, 'askContextWindow.model is 7: pass the name of a model'],
    [
      { baseURL, apiKey: 'hush\nhush' },
      'askContextWindow.apiKey is a string: pass a key without spaces and lines',
    ],
    [{ baseURL, timeoutMs: 0 }, 'askContextWindow.timeoutMs is 0: use milliseconds above 0'],
    [{ baseURL, timeoutMs: Infinity }, 'askContextWindow.timeoutMs is Infinity: use milliseconds above 0'],
    [{ baseURL, url: 'x' }, 'askContextWindow.url is a string: there is no such option, only baseURL, model'],
  ])('%#', async (options, message) => {
    expect(await reasonOf(options as AskContextWindowOptions)).toContain(message);
  });

  it('wants an object', async () => {
    expect(await reasonOf(undefined as never)).toContain(
      'askContextWindow is undefined: pass an object of options',
    );
  });
});
