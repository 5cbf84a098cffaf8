import { describe, expect, it } from 'vitest';
import { alloy, cascade, decisionOf, dispatcher, type Answer } from '../../src/index.ts';
import {
  answers,
  callOf,
  errorOf,
  fails,
  generated,
  reports,
  textOfTokens,
  type Call,
} from '../support/models.ts';

const png = {
  type: 'file',
  mediaType: 'image/png',
  data: { type: 'data', data: new Uint8Array([137, 80, 78, 71]) },
} as const;

describe('options that meet in one call', () => {
  it('R-45: a rule that asks whether its target fits does not make a conversation leave its path', async () => {
    const inner = alloy({
      id: 'inner',
      strategy: 'round-robin',
      constituents: ['a', 'b'].map((id) => ({ id, model: answers(id), contextWindow: 100_000 })),
    });
    const model = dispatcher({
      id: 'outer',
      reevaluate: 'sticky',
      targets: [inner],
      rules: [{ when: () => false, fitsTarget: true, target: 'inner' }],
    });
    const prompt: Call['prompt'][number][] = [];
    const answered: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      prompt.push(...callOf('Go on').prompt);
      const { content } = await model.doGenerate({ prompt });
      const [part] = content as { type: 'text'; text: string; providerMetadata: never }[];
      answered.push(part!.text);
      prompt.push({
        role: 'assistant',
        content: [{ type: 'text', text: part!.text, providerOptions: part!.providerMetadata }],
      });
    }
    expect(answered).toEqual(['a', 'a', 'a', 'a']);
  });

  it('R-46: a predicate is asked once in a call, also if an earlier member has settings and fails', async () => {
    let asked = 0;
    const inner = dispatcher({
      id: 'inner',
      rules: [{ when: async () => ++asked > 0, target: answers('x') }],
      targets: [answers('y')],
    });
    const failing = { model: fails('f'), settings: { providerOptions: { p: { k: 1 } } } };
    expect(await generated(cascade({ steps: [failing, inner] }), callOf('Hi'))).toBe('x');
    expect(asked).toBe(1);
  });

  it('R-52: names that a transform adds are no names of the call, also after a failure', async () => {
    const inner = cascade({
      id: 'inner',
      steps: ['a', 'b'].map((id) => ({ id, model: answers(id) })),
    });
    const named = {
      model: inner,
      transform: (call: Call) => ({ ...call, providerOptions: { 'ai-alloy': { only: 'b' } } }),
    };
    for (const steps of [[named], [fails('f'), named]]) {
      expect(await generated(cascade({ steps }), callOf('Hi'))).toBe('a');
    }
  });

  it('R-39, R-43: what an answer used is known if the call ends while acceptAnswer is asked', async () => {
    const aborting = new AbortController();
    const model = cascade({
      steps: [{ id: 'a', model: reports('a', 10), price: { input: 1, output: 1 } }],
      acceptAnswer() {
        aborting.abort(new Error('enough'));
        return new Promise<boolean>(() => {});
      },
    });
    const error = await errorOf(model.doGenerate(callOf('Hi', { abortSignal: aborting.signal })));
    const { usage, cost } = decisionOf(error)!;
    expect(usage?.inputTokens).toBe(10);
    expect(cost).toBeGreaterThanOrEqual(0.000_01);
  });

  it('R-41, R-43: acceptAnswer sees the call as the member was sent it', async () => {
    const schema = { type: 'object' } as const;
    const seen: Answer['schema'][] = [];
    const model = cascade({
      steps: [
        {
          model: answers('a'),
          transform: (call) => ({ ...call, responseFormat: { type: 'json' as const, schema } }),
        },
      ],
      acceptAnswer({ schema: asked }) {
        seen.push(asked);
        return true;
      },
    });
    await generated(model, callOf('Hi'));
    expect(seen).toEqual([schema]);
  });

  it('R-47: a call whose shorten throws has failed, and was not refused', async () => {
    const model = cascade({
      steps: [{ model: answers('a'), contextWindow: 100 }],
      shorten() {
        throw new Error('broken');
      },
    });
    const error = await errorOf(model.doGenerate(callOf(textOfTokens(200))));
    expect(decisionOf(error)?.outcome).toBe('failed');
  });

  it('R-42, R-52: a nested primitive that is too large counts by its size, also if others in it lack what is carried', async () => {
    const inner = dispatcher({
      id: 'inner',
      targets: [
        { id: 'small', model: answers('s'), contextWindow: 10_000 },
        { id: 'text', model: answers('t'), contextWindow: 100_000, supports: { images: false } },
      ],
    });
    const pool = dispatcher({
      id: 'pool',
      targets: [inner, { id: 'tiny', model: answers('u'), contextWindow: 5000 }],
    });
    const model = dispatcher({
      targets: [pool, { id: 'other', model: answers('o'), contextWindow: 1_000_000 }],
    });
    const error = await errorOf(
      model.doGenerate({
        prompt: [{ role: 'user', content: [{ type: 'text', text: textOfTokens(50_000) }, png] }],
        providerOptions: { 'ai-alloy': { only: 'pool' } },
      }),
    );
    expect(decisionOf(error)!.candidates[0]).toMatchObject({ id: 'pool', ceiling: 10_000 });
  });
});
