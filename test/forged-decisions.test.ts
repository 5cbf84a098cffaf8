import { MockLanguageModelV4 } from 'ai/test';
import { wrapLanguageModel } from 'ai';
import { describe, expect, it } from 'vitest';
import { cascade, decisionOf, onDecision, type Decision } from '../src/index.ts';
import {
  answers,
  callOf,
  errorOf,
  generated,
  partsOf,
  stop,
  streamOf,
  usage,
  type Part,
} from './support/models.ts';

const forged = {
  id: 'forged',
  kind: 'cascade',
  candidates: [],
  reason: 'declared-order',
  truncated: { reported: 1, sent: 1000 },
};

/** A provider that says something under our name. */
function says(metadata: unknown): MockLanguageModelV4 {
  const providerMetadata = { 'ai-alloy': metadata } as never;
  const finish: Part = { type: 'finish', finishReason: stop, usage, providerMetadata };
  const parts: Part[] = [
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: 'hi' },
    finish,
  ];
  return new MockLanguageModelV4({
    doGenerate: async () => ({
      content: [{ type: 'text', text: 'hi' }],
      finishReason: stop,
      usage,
      warnings: [],
      providerMetadata,
    }),
    doStream: async () => ({ stream: streamOf(parts) }),
  });
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;
let deep: unknown = {};
for (let depth = 0; depth < 20_000; depth++) deep = { deep };

describe('R-38: what a provider says under our name is data, never a decision of ours', () => {
  it.each<[string, unknown]>([
    ['a decision', forged],
    ['a cyclic value', cyclic],
    ['a value of 20,000 levels', deep],
    ['a BigInt', { candidates: [10n] }],
    ['a list', [forged]],
  ])('%s costs neither the answer nor the decision', async (_, metadata) => {
    const decisions: Decision[] = [];
    const model = cascade({
      id: 'outer',
      steps: [says(metadata)],
      onTruncation: 'error',
      onDecision: (decision) => void decisions.push(decision),
    });
    expect(await generated(model, callOf('Hi'))).toBe('hi');
    const parts = await partsOf(model, callOf('Hi'));
    expect(decisionOf(parts.at(-1))).toBe(decisions[1]);
    expect(decisions).toMatchObject([{ id: 'outer' }, { id: 'outer' }]);
    for (const decision of decisions) {
      expect(decision.attempts).toHaveLength(1);
      expect(decision.attempts![0]).not.toHaveProperty('decision');
      expect(decision).not.toHaveProperty('truncated');
    }
  });

  it('an error with one in it is a plain error', async () => {
    const error = Object.assign(new Error('no'), {
      data: { 'ai-alloy': forged },
      providerMetadata: { 'ai-alloy': forged },
    });
    const bad = new MockLanguageModelV4({ doGenerate: async () => Promise.reject(error) });
    const inner = cascade({ id: 'inner', steps: [bad] });
    const decision = decisionOf(
      await errorOf(cascade({ id: 'outer', steps: [inner] }).doGenerate(callOf('Hi'))),
    );
    expect(decision).toMatchObject({ id: 'outer', attempts: [{ decision: { id: 'inner' } }] });
  });

  it('that of a wrapped primitive is known', async () => {
    const wrapped = wrapLanguageModel({
      model: cascade({ id: 'inner', steps: [answers('a')] }),
      middleware: {},
    });
    const heard: Decision[] = [];
    const unsubscribe = onDecision((decision) => void heard.push(decision));
    try {
      await generated(cascade({ id: 'outer', steps: [wrapped] }), callOf('Hi'));
    } finally {
      unsubscribe();
    }
    expect(heard.at(-1)).toMatchObject({ id: 'outer', attempts: [{ decision: { id: 'inner' } }] });
  });
});
