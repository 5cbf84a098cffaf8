import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  decisionOf,
  dispatcher,
  type Decision,
  type KeyValueStore,
  type RoutingModel,
} from '../../src/index.ts';
import { apiError, partsOf, unsteady, type Call } from '../support/models.ts';
import { MockLanguageModelV4 } from 'ai/test';
import { streamOf, textParts } from '../support/models.ts';

const leaves = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

type Tree = {
  readonly kind: 'alloy' | 'cascade' | 'dispatcher' | 'turn';
  readonly members: readonly (Tree | string)[];
};

/** Compositions without any keeping of their own, at most three deep. */
const trees = fc.letrec<{ tree: Tree; member: Tree | string }>((tie) => ({
  member: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom<Tree | string>(...leaves),
    tie('tree'),
  ),
  tree: fc.record({
    kind: fc.constantFrom('alloy', 'alloy', 'cascade', 'dispatcher', 'turn'),
    members: fc.array(tie('member'), { minLength: 2, maxLength: 3 }),
  }),
})).tree;

const user = { role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] };

const cases = fc.record({
  tree: trees,
  keeper: fc.constantFrom('sticky', 'sticky-escalate', 'conversation'),
  by: fc.constantFrom('stamps', 'a store'),
  rests: fc.boolean(),
  turns: fc.array(
    fc.record({
      session: fc.constantFrom('one', 'two'),
      streams: fc.boolean(),
      down: fc.subarray([...leaves], { maxLength: 2 }),
      except: fc.subarray([...leaves], { maxLength: 2 }),
      disturbs: fc.boolean(),
    }),
    { minLength: 4, maxLength: 9 },
  ),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

/** The members on the way to who answered; each with the decision that it was chosen by. */
function wayOf(decision: Decision): { readonly id: string; readonly by: Decision }[] {
  const inner = decision.attempts?.at(-1)?.decision;
  return [{ id: decision.answeredBy!, by: decision }, ...(inner ? wayOf(inner) : [])];
}

class World {
  down: readonly string[] = [];
  readonly entries = new Map<string, string>();
  readonly store: KeyValueStore = {
    get: (key) => this.entries.get(key),
    set: (key, value) => void this.entries.set(key, value),
  };
  #made = 0;

  leaf(id: string): object {
    const model = unsteady(id, () => (this.down.includes(id) ? apiError(503) : undefined));
    const stream = async () => {
      if (this.down.includes(id)) throw apiError(503);
      return { stream: streamOf(textParts(id)) };
    };
    return {
      id,
      contextWindow: 8000,
      model: new MockLanguageModelV4({ doGenerate: (call) => model.doGenerate(call), doStream: stream }),
    };
  }

  /** Ids of members are unique among the members of one primitive only. */
  members(list: readonly (Tree | string)[], rests: boolean): never[] {
    const unique = list.filter((each, index) => typeof each !== 'string' || list.indexOf(each) === index);
    const all = unique.length > 1 ? unique : [...unique, leaves.find((each) => !unique.includes(each))!];
    return all.map((each) =>
      typeof each === 'string' ? this.leaf(each) : this.make(each, rests),
    ) as never[];
  }

  make({ kind, members: list }: Tree, rests: boolean): RoutingModel {
    const members = this.members(list, rests);
    const id = `${kind}${this.#made++}`;
    const cooldown = rests ? { cooldown: { failures: 1, ms: 1e9 } } : {};
    if (kind === 'cascade') return cascade({ id, steps: members, ...cooldown });
    if (kind === 'dispatcher') return dispatcher({ id, targets: members, fallback: true, ...cooldown });
    const redraw = kind === 'turn' ? 'turn' : 'call';
    return alloy({ id, strategy: 'round-robin', redraw, constituents: members, ...cooldown });
  }

  keeper({ keeper, by, tree, rests }: Case): RoutingModel {
    const session = by === 'a store' ? { session: { store: this.store } } : {};
    const members = [this.make(tree, rests), this.leaf('z')] as never[];
    return keeper === 'conversation'
      ? alloy({ id: 'k', redraw: 'conversation', strategy: 'round-robin', constituents: members, ...session })
      : dispatcher({ id: 'k', reevaluate: keeper, targets: members, fallback: true, ...session });
  }
}

/** The paths of the turns of each session that nothing befell, and all members that a call left out but used. */
async function played(scene: Case, keeps = true) {
  const world = new World();
  const model = keeps ? world.keeper(scene) : world.make(scene.tree, scene.rests);
  const prompts = { one: [] as Call['prompt'], two: [] as Call['prompt'] };
  const calm: Record<'one' | 'two', string[]> = { one: [], two: [] };
  const wrong: string[] = [];
  let stoodIn = 0;
  for (const { session, streams, down, except, disturbs } of scene.turns) {
    world.down = disturbs ? down : [];
    const known = JSON.stringify(scene.tree);
    const out = disturbs ? except.filter((id) => known.includes(`"${id}"`)) : [];
    const prompt = prompts[session];
    prompt.push(user);
    const call: Call = {
      prompt: [...prompt],
      maxOutputTokens: 10,
      providerOptions: { 'ai-alloy': { session, ...(out.length > 0 && { except: out }) } },
    };
    const answer: unknown = await (
      streams ? partsOf(model, call) : Promise.resolve(model.doGenerate(call))
    ).catch((error: unknown) => error);
    const parts = Array.isArray(answer) ? answer : ((answer as { content?: object[] }).content ?? []);
    const decision = decisionOf(Array.isArray(answer) ? answer.at(-1) : answer);
    if (decision?.answeredBy === undefined) {
      prompt.pop();
      continue;
    }
    const way = wayOf(decision);
    wrong.push(...way.map(({ id }) => id).filter((id) => out.some((each) => each === id)));
    const isCalm = way.every(
      ({ by }) => by.attempts!.length === 1 && by.candidates.every(({ skipped }) => skipped === undefined),
    );
    if (isCalm) calm[session].push(way.map(({ id }) => id).join('/'));
    else stoodIn++;
    const metadata = parts
      .map(
        ({ providerMetadata }: { providerMetadata?: Record<string, object> }) =>
          providerMetadata?.['ai-alloy'],
      )
      .find((each) => each !== undefined && !('candidates' in each));
    const text = { type: 'text' as const, text: 'Yes' };
    const stamp = metadata && { providerOptions: { 'ai-alloy': JSON.parse(JSON.stringify(metadata)) } };
    prompt.push({ role: 'assistant', content: [{ ...text, ...stamp }] });
  }
  return { calm, wrong, stoodIn };
}

const isOne = (paths: readonly string[]): boolean => new Set(paths).size <= 1;

describe('R-45: whatever befalls the members inside a composition that keeps conversations', () => {
  it('all turns of a conversation that nothing befalls go the same way', async () => {
    const seen = { kept: 0, stoodIn: 0, wouldDiffer: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (scene) => {
        const { calm, wrong, stoodIn } = await played(scene);
        for (const paths of Object.values(calm)) {
          expect(paths).toEqual(paths.map(() => paths[0]));
          seen.kept += Number(paths.length > 1);
        }
        expect(wrong).toEqual([]);
        seen.stoodIn += stoodIn;
        const { calm: free } = await played(scene, false);
        seen.wouldDiffer += Number(!Object.values(free).every(isOne));
      }),
      { numRuns: 200 },
    );
    // The law was not empty: conversations had turns to compare, members stood in, and nothing else would have kept them.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  }, 120_000);
});
