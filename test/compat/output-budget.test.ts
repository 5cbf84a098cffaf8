import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { openAIServer, type RawAnswer } from './openai-server.ts';
import { modes, run } from './run.ts';

const server = await openAIServer();

/** What Claude sends is no matter here: every request fails. */
const noting = (sent: unknown[]): RawAnswer => {
  return (response, request) => {
    sent.push((request as { max_tokens?: unknown }).max_tokens);
    return response.writeHead(400, { 'content-type': 'application/json' }).end('{}');
  };
};

const beforeClaude45 = [
  'claude-3-haiku-20240307',
  'claude-3-5-haiku-20241022',
  'claude-3-7-sonnet-20250219',
  'claude-sonnet-4-0',
  'claude-sonnet-4-20250514',
  'us.anthropic.claude-sonnet-4-20250514-v1:0',
  'claude-opus-4-0',
  'claude-opus-4-20250514',
  'claude-opus-4-1',
  'claude-opus-4-1-20250805',
];
const later = [
  'claude-sonnet-4-5',
  'claude-haiku-4-5-20251001',
  'claude-opus-4-6',
  'claude-opus-5',
  'claude-x',
];

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, createAnthropic, major } = installation;

  /** What is reserved for a call that sets no limit, and what the provider package sends. */
  async function reservedAndSent(modelId: string, mode: (typeof modes)[number], options: object = {}) {
    const sent: unknown[] = [];
    const claude = createAnthropic({ baseURL: server.raw(noting(sent)), apiKey: 'test' });
    const model = aiAlloy.cascade({
      steps: [{ model: claude(modelId), contextWindow: 200_000, ...options }],
    });
    const error: unknown = await run(installation, mode, { model }).catch((thrown: unknown) => thrown);
    const { demand } = aiAlloy.decisionOf(error)!.candidates[0]!;
    return { ...demand, sent: sent[0] };
  }

  describe.each(modes)('%s', (mode) => {
    test.each(beforeClaude45)('R-2: what the provider package sends is reserved: %s', async (modelId) => {
      const { output, outputFrom, sent } = await reservedAndSent(modelId, mode);
      expect(output).toBe(sent);
      expect(outputFrom).toBe(sent === 4096 ? 'built-in' : 'provider');
    });
  });

  test('R-2: it is known of Claude 4 from ai 5 on', async () => {
    const { sent } = await reservedAndSent('claude-sonnet-4-20250514', 'generate');
    expect(sent).toBe(major === 4 ? 4096 : 64_000);
  });

  test.each(later)(
    'R-2: of a model whose API does not hold it against the window, 4,096: %s',
    async (modelId) => {
      const { output, outputFrom, sent } = await reservedAndSent(modelId, 'generate');
      expect([output, outputFrom]).toEqual([4096, 'built-in']);
      expect(sent).toBeGreaterThanOrEqual(4096);
    },
  );

  test('R-2: what is declared counts, whatever is sent', async () => {
    const options = { defaultOutputTokens: 100 };
    const { output, outputFrom } = await reservedAndSent('claude-sonnet-4-0', 'generate', options);
    expect([output, outputFrom]).toEqual([100, 'default-output-tokens']);
  });
});
