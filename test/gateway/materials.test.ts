import {
  createModelGateway,
  formatPath,
  GatewayConfigurationError,
  type GatewayData,
} from 'ai-alloy/gateway';
import { tiktoken } from 'ai-alloy/tiktoken';
import { describe, expect, it } from 'vitest';
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
