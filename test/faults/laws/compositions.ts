import * as fc from 'fast-check';
import {
  alloy,
  cascade,
  dispatcher,
  seededRandom,
  type AttemptOptions,
  type Decision,
  type RoutingModel,
  type SharedOptions,
} from '../../../src/index.ts';
import { scriptedModel, type World } from './scripted-model.ts';
import { memberScript, silencesOf, type MemberScript, type Silence, type StreamScript } from './scripts.ts';

/** A scripted model, as a member. */
export interface Leaf {
  readonly script: MemberScript;
  /** Whether it has a window, so that a fit check stands before it. */
  readonly isSized: boolean;
}

/** A primitive. */
export interface Branch {
  readonly kind: RoutingModel['kind'];
  readonly fallback: boolean;
  readonly strategy: 'weighted' | 'round-robin';
  readonly members: readonly Node[];
  readonly options: SharedOptions;
}

/** A member of a primitive, with its options. */
export interface Node {
  readonly what: Leaf | Branch;
  readonly options: AttemptOptions;
}

export const isBranch = (what: Leaf | Branch): what is Branch => 'members' in what;

const seldom = <Value>(arbitrary: fc.Arbitrary<Value>, nil = 3): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: nil, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const deadline = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 600 }));

/** Without what isn't said, so that a counterexample is short. */
const said = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;

const deadlines = {
  firstContentMs: seldom(deadline),
  idleMs: seldom(deadline),
  totalMs: seldom(deadline, 5),
};
const attemptOptions: fc.Arbitrary<AttemptOptions> = fc
  .record({ ...deadlines, retries: seldom(fc.integer({ min: 0, max: 2 })) })
  .map(said);

const buffering = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record({
      afterContent: fc.constant('buffer' as const),
      maxBufferedParts: fc.constantFrom(undefined, undefined, 1, 2, 3),
    }),
  },
);

const sharedOptions: fc.Arbitrary<SharedOptions> = fc
  .tuple(
    attemptOptions,
    buffering,
    fc.record({
      deadlineMs: seldom(fc.oneof(deadline, fc.integer({ min: 600, max: 5000 })), 4),
      maxRetryAfterMs: seldom(fc.constantFrom(0, 10, 1000, 60_000)),
      cooldown: seldom(
        fc.record({ failures: fc.integer({ min: 1, max: 2 }), ms: fc.integer({ min: 1, max: 2000 }) }),
        2,
      ),
    }),
  )
  .map(([attempts, buffer, own]) => said({ ...attempts, ...buffer, ...own }));

/** @param tails what may come behind a finish or an error part of a stream */
export function compositions(tails: readonly StreamScript['tail'][]): fc.Arbitrary<Branch> {
  const leaf: fc.Arbitrary<Leaf> = fc.record({ script: memberScript(tails), isSized: fc.boolean() });
  const branchOf = (member: fc.Arbitrary<Leaf | Branch>): fc.Arbitrary<Branch> => {
    const nodes = fc.array(fc.record({ what: member, options: attemptOptions }), {
      minLength: 1,
      maxLength: 4,
    });
    const own = { fallback: fc.boolean(), strategy: fc.constantFrom('weighted', 'round-robin') } as const;
    return fc
      .tuple(
        fc.constantFrom('cascade', 'alloy', 'dispatcher'),
        nodes,
        sharedOptions,
        fc.record<Pick<Branch, 'fallback' | 'strategy'>>(own),
      )
      .map(([drawn, members, options, rest]) => {
        const kind = drawn === 'alloy' && members.length === 1 ? 'cascade' : drawn; // an alloy is of two at least
        return withEffect({ ...rest, kind, members, options, fallback: kind === 'cascade' || rest.fallback });
      });
  };
  const nested = (of: fc.Arbitrary<Branch>): fc.Arbitrary<Leaf | Branch> =>
    fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: of });
  return branchOf(nested(branchOf(nested(branchOf(leaf)))));
}

/** Without options that have no effect beside the others: they are refused. */
function withEffect(branch: Branch): Branch {
  const { kind, fallback, members } = branch;
  const { cooldown, maxRetryAfterMs, ...options } = branch.options;
  const isRetried = members.some(
    ({ what, options: own }) => !isBranch(what) && (own.retries ?? options.retries ?? 0) > 0,
  );
  const rests = cooldown && (fallback || kind === 'alloy');
  const isPatient = maxRetryAfterMs !== undefined && fallback && isRetried;
  return {
    ...branch,
    options: { ...options, ...(rests && { cooldown }), ...(isPatient && { maxRetryAfterMs }) },
  };
}

/** Who hears the decisions of which primitive. */
export type Heard = (primitive: string, decision: Decision) => void;

/** Makes a composition. A member's id says where it is: `r.1.0` is the first member of the second of `r`. */
export function build(branch: Branch, world: World, heard: Heard, seed: number, id = 'r'): RoutingModel {
  const { kind, fallback, strategy, options } = branch;
  const members = branch.members.map(({ what, options: own }, index) => {
    const path = `${id}.${index}`;
    const { retries, ...times } = own;
    if (isBranch(what)) {
      const model = build(what, world, heard, seed, path);
      return { ...times, id: path, model, ...(kind === 'alloy' && { contextWindow: 1_000_000 }) };
    }
    const isSized = what.isSized || kind === 'alloy';
    const model = scriptedModel(path, what.script, world);
    return { ...times, retries, id: path, model, ...(isSized && { contextWindow: 1_000_000 }) };
  });
  const shared = { ...options, id, onDecision: (decision: Decision) => heard(id, decision) };
  if (kind === 'cascade') return cascade({ ...shared, steps: members });
  if (kind === 'dispatcher') return dispatcher({ ...shared, fallback, targets: members });
  const draw = strategy === 'weighted' && { random: seededRandom(seed) };
  const constituents = members as Parameters<typeof alloy>[0]['constituents'];
  return alloy({ ...shared, ...draw, fallback, strategy, constituents });
}

type Deadlines = Pick<AttemptOptions, 'firstContentMs' | 'idleMs' | 'totalMs'>;

/** The deadlines that are said of all attempts inside a primitive. */
const saidOf = ({ firstContentMs, idleMs, totalMs }: Branch['options']): Deadlines => ({
  ...(firstContentMs !== undefined && { firstContentMs }),
  ...(idleMs !== undefined && { idleMs }),
  ...(totalMs !== undefined && { totalMs }),
});

/** What holds for a member: of a nested primitive what is said beside it, of a model what is said nearest to it. */
export function optionsOf(
  { options }: Branch,
  { what, options: own }: Node,
  around: Deadlines = {},
): AttemptOptions {
  if (isBranch(what)) return { ...own, retries: 0 };
  return { ...around, ...saidOf(options), retries: options.retries, ...own };
}

/** The silences that no deadline puts an end to, so that a call may hang as it would without us. */
export function openSilences(branch: Branch, around: Deadlines = {}): ReadonlySet<Silence> {
  const { deadlineMs, afterContent } = branch.options;
  if (deadlineMs !== undefined) return new Set();
  const open = new Set<Silence>();
  const inside = { ...around, ...saidOf(branch.options) };
  for (const node of branch.members) {
    const { firstContentMs, idleMs, totalMs } = optionsOf(branch, node, around);
    if (totalMs !== undefined) continue;
    const { what } = node;
    for (const silence of isBranch(what) ? openSilences(what, inside) : silencesOf(what.script)) {
      const ending = { generate: undefined, 'before content': firstContentMs, 'after content': idleMs };
      if (ending[silence] === undefined) open.add(silence);
    }
  }
  // What is held back is, for whoever waits for it, silence before the first content.
  if (afterContent === 'buffer' && open.has('after content')) open.add('before content');
  return open;
}
