import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  type Decision,
  type RoutingModel,
} from '../src/index.ts';
import {
  answers,
  callOfTokens,
  errorOf,
  fails,
  generated,
  partsOf,
  streams,
  stop,
  usage,
  apiError,
  textOfTokens,
  type Call,
  type Part,
} from './support/models.ts';

interface Script {
  readonly window: number | undefined;
  readonly down: boolean;
}

const scripts = fc.array(
  fc.record({ window: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }), down: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);
const request = fc.record({
  tokens: fc.integer({ min: 12, max: 400 }),
  maxOutputTokens: fc.integer({ min: 1, max: 200 }),
});

const membersOf = (list: readonly Script[]) =>
  list.map(({ window, down }, index) => ({
    id: String(index),
    model: down ? fails(String(index)) : answers(String(index)),
    ...(window !== undefined && { contextWindow: window }),
  }));

/** Input tokens of the request, by the library's own count. */
async function inputOf(tokens: number): Promise<number> {
  const { candidates } = await explain(cascade({ steps: [answers('m')] }), { prompt: textOfTokens(tokens) });
  return candidates[0]!.demand.input;
}

/** The decision behind the result or the error of a call. */
async function outcomeOf(model: RoutingModel, call: Call): Promise<Decision | undefined> {
  return decisionOf(await Promise.resolve(model.doGenerate(call)).catch((error: unknown) => error));
}

describe('laws of the planners', () => {
  it('R-20, R-21, R-26, R-27: an order is a permutation of what fits', async () => {
    await fc.assert(
      fc.asyncProperty(
        scripts,
        request,
        fc.constantFrom('cascade' as const, 'declared' as const, 'smallest-first' as const),
        async (list, { tokens, maxOutputTokens }, kind) => {
          const demand = (await inputOf(tokens)) + maxOutputTokens;
          const fitting = list.flatMap(({ window }, index) =>
            window === undefined || demand <= window ? [String(index)] : [],
          );
          const up = list.map((each) => ({ ...each, down: false }));
          const model: RoutingModel =
            kind === 'cascade'
              ? cascade({ steps: membersOf(up) })
              : dispatcher({ targets: membersOf(up), order: kind });
          const order = (await outcomeOf(model, callOfTokens(tokens, { maxOutputTokens })))?.order ?? [];
          const windowOf = (id: string): number => list[Number(id)]!.window ?? Number.MAX_VALUE;
          const isUnsized = (id: string): number => Number(windowOf(id) === Number.MAX_VALUE);
          const expected = {
            cascade: fitting,
            declared: fitting.toSorted((a, b) => isUnsized(a) - isUnsized(b)),
            'smallest-first': fitting.toSorted((a, b) => windowOf(a) - windowOf(b)),
          };
          expect(order).toEqual(expected[kind]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('R-22, R-25: a cascade answers with its first step that fits and is up, else fails; nothing too small is called', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, request, async (list, { tokens, maxOutputTokens }) => {
        const demand = (await inputOf(tokens)) + maxOutputTokens;
        const members = membersOf(list);
        const fits = ({ window }: Script): boolean => window === undefined || demand <= window;
        const expected = list.findIndex((each) => fits(each) && !each.down);
        const call = callOfTokens(tokens, { maxOutputTokens });
        const answer = await generated(cascade({ steps: members }), call).catch(() => '-1');
        expect(answer).toBe(String(expected));
        members.forEach(({ model }, index) => {
          const called = model.doGenerateCalls.length;
          expect(called).toBe(fits(list[index]!) && (expected === -1 || index <= expected) ? 1 : 0);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('R-17: an alloy answers only if every constituent fits', async () => {
    const sized = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sized, request, async (windows, { tokens, maxOutputTokens }) => {
        const demand = (await inputOf(tokens)) + maxOutputTokens;
        const constituents = windows.map((contextWindow, index) => ({
          model: answers(String(index)),
          id: String(index),
          contextWindow,
        }));
        const call = callOfTokens(tokens, { maxOutputTokens });
        const decision = await outcomeOf(alloy({ constituents }), call);
        const fit = windows.every((window) => demand <= window);
        const all = windows.map((_, index) => String(index));
        expect([decision?.answeredBy !== undefined, decision?.order?.toSorted()]).toEqual([
          fit,
          fit ? all : undefined,
        ]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('laws of streams', () => {
  const begin: Part[] = [{ type: 'stream-start', warnings: [] }];
  const scenario = fc.record({
    preamble: fc.subarray<Part>([
      { type: 'raw', rawValue: 1 },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: '' },
    ]),
    words: fc.nat({ max: 4 }),
    end: fc.constantFrom('finish', 'error', 'cut'),
  });

  it("the consumer sees one member's parts or a prefix of them and an error; one stream-start, never two answers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scenario, { minLength: 1, maxLength: 4 }), async (list) => {
        const steps = list.map(({ preamble, words, end }, member) => {
          const deltas: Part[] = Array.from({ length: words }, (_, word) => ({
            type: 'text-delta',
            id: '1',
            delta: `${member}.${word} `,
          }));
          const last: Part[] =
            end === 'finish'
              ? [{ type: 'finish', finishReason: stop, usage }]
              : end === 'error'
                ? [{ type: 'error', error: apiError(503) }]
                : [];
          return streams(String(member), [...begin, ...preamble, ...deltas, ...last]);
        });
        const winner = list.findIndex(({ words, end }) => words > 0 || end === 'finish');
        const parts = partsOf(cascade({ steps }), callOfTokens(12));
        if (winner === -1) return void (await errorOf(parts));
        const received = await parts;
        const { words, end } = list[winner]!;
        const text = received.flatMap((part) =>
          part.type === 'text-delta' && part.delta !== '' ? [part.delta] : [],
        );
        expect(text).toEqual(Array.from({ length: words }, (_, word) => `${winner}.${word} `));
        expect(received.filter(({ type }) => type === 'stream-start')).toHaveLength(1);
        expect(received.filter(({ type }) => type === 'response-metadata')).toEqual([
          { type: 'response-metadata', modelId: String(winner) },
        ]);
        const types = received.map(({ type }) => type);
        expect(types.filter((type) => type === 'finish')).toHaveLength(1);
        expect(types.slice(-2).includes('error')).toBe(end !== 'finish');
        expect(types.at(-1)).toBe('finish');
      }),
      { numRuns: 300 },
    );
  });
});
