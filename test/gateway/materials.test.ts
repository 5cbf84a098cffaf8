import {
  createModelGateway,
  formatPath,
  GatewayConfigurationError,
  type GatewayData,
} from 'ai-alloy/gateway';
import { tiktoken } from 'ai-alloy/tiktoken';
import { describe, expect, it } from 'vitest';
import { cascade, explain } from 'ai-alloy';
import { answers } from '../support/models.ts';

const sized = { id: 'a/b', context_window: '8K' };

describe('R-36: what data can’t say', () => {
  const refusal = (config: object, options: object = {}): string => {
    try {
      createModelGateway(config as GatewayData, options);
    } catch (error) {
      if (GatewayConfigurationError.isInstance(error)) {
        return error.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`).join('\n');
      }
      return (error as Error).message;
    }
    return 'none';
  };

  it.each([
    [
      'no provider',
      { models: [sized] },
      { providers: { openai: answers } },
      /^models\[0\]\.id: "a\/b": no provider has this prefix, there is only openai/,
    ],
    ['no providers', { models: [sized] }, {}, /there is none at all/],
    [
      'an inherited name',
      { models: [{ id: 'toString/x' }] },
      { providers: {} },
      /no provider has this prefix/,
    ],
    [
      'a key in place of a provider',
      { models: [sized] },
      { providers: { a: 'sk-1234' } },
      /^typeof providers\.a is "string": pass an AI SDK provider/,
    ],
    ['no model', { models: [sized] }, { providers: () => undefined }, /gives no language model/],
    [
      'a provider that throws',
      { models: [sized] },
      {
        providers: () => {
          throw new Error('no such thing');
        },
      },
      /^models\[0\]\.id: "a\/b": its provider says "no such thing"$/,
    ],
    [
      'a model of another age',
      { models: [sized] },
      { providers: () => ({ ...answers('x'), doGenerate() {}, specificationVersion: 'v1' }) },
      /^models\[0\]: "v1": the installed ai takes v2, v3, v4/,
    ],
    [
      'no provider for an entry',
      { cascades: [{ id: 'c', steps: [{ model: 'x/y', context_window: 9 }] }] },
      { providers: {} },
      /^cascades\[0\]\.steps\[0\]: "x\/y": no provider/,
    ],
    [
      'tiktoken that isn’t there',
      { models: [{ ...sized, tokenizer: { kind: 'tiktoken' } }] },
      { providers: answers },
      /^models\[0\]\.tokenizer\.kind: "tiktoken": it needs js-tiktoken/,
    ],
    [
      'tiktoken for all',
      { tokenizer: { kind: 'auto' }, models: [sized, { id: 'c/d' }] },
      { providers: answers },
      /^tokenizer\.kind: "auto": it needs js-tiktoken.*$/,
    ],
    [
      'a model without an encoding',
      { tokenizer: { kind: 'tiktoken', model: 'llama' }, models: [sized] },
      { providers: answers, tiktoken },
      /^tokenizer\.model: "llama": its encoding isn't known/,
    ],
    ['an unknown option', {}, { provider: {} }, /createModelGateway: options\.provider/],
    [
      'an unknown policy',
      {},
      { undeclared: 'ignore' },
      /undeclared is "ignore": use one of "error", "ai-sdk"/,
    ],
  ])('%s', (_, config, options, message) => {
    expect(refusal(config, options)).toMatch(message);
  });
});

describe('R-34: a model of which the provider gives a primitive', () => {
  const small = { id: 's', model: answers('s'), contextWindow: 8000 };
  const inner = cascade({ id: 'inner', steps: [small, { ...small, id: 'l', contextWindow: 32_000 }] });

  it.each<[string, object, object]>([
    ['as it is', {}, {}],
    ['with a size', { context_window: '16K' }, {}],
    [
      'with defaults that a primitive has itself',
      {},
      { retries: 1, anchor: false, default_output_tokens: 10 },
    ],
    ['in a file with a tokenizer', {}, { tokenizer: { kind: 'byte-ratio' } }],
  ])('nests: %s', async (_, own, defaults) => {
    const gateway = createModelGateway(
      {
        model_defaults: { settings: { max_output_tokens: 100 }, ...defaults },
        models: [{ id: 'x/smart', ...own }],
        cascades: [{ id: 'c', retries: 1, steps: ['x/smart'] }],
      },
      { providers: { x: () => inner } },
    );
    for (const id of ['c', 'x/smart'] as const) {
      const { candidates } = await explain(gateway.languageModel(id), { prompt: 'word '.repeat(9000) });
      const [candidate] = candidates;
      expect(candidate!.decision?.candidates.map(({ fits }) => fits)).toEqual([false, true]);
      expect(candidate!.demand.output).toBe(100);
    }
  });

  it('does not take how to count, without a size', () => {
    const config = { models: [{ id: 'x/smart', chars_per_token: 3 }] };
    expect(() => createModelGateway(config, { providers: () => inner })).toThrow(
      'models[0].chars_per_token: 3: a primitive counts by its own options',
    );
  });
});
