import { createFacade } from '../spec/facade.ts';
import type { Call, RoutingModel, SpecModel } from '../spec/model.ts';
import { assertKnownOptions, check, foundName } from '../errors.ts';
import type { Counter } from '../tokens/call/counter.ts';
import { parseLimits } from '../tokens/fit.ts';
import { assertCooldown, assertMs, noDeadlines, parseAttempts } from '../faults/attempt-options.ts';
import { createCooldown } from '../faults/cooldown.ts';
import { registerPrimitive } from './copies.ts';
import { generate } from './generate.ts';
import { parseMembers } from './member.ts';
import {
  assertFallThroughOn,
  assertFunction,
  assertId,
  assertOneOf,
  sharedOptionNames,
  type SharedOptions,
} from './options.ts';
import type { RoutedCall } from './run.ts';
import { routersIn, type Member, type Planner, type Router } from './router.ts';
import { stream } from './stream.ts';
import { triesOf } from './tries/tries-of.ts';
import { assertEffects } from './without-effect.ts';

/** What a primitive adds to the options that all share. */
export interface PrimitiveSpec<Options extends SharedOptions> {
  readonly kind: Planner['kind'];
  readonly options: Options;
  /** The option that lists the members, in the primitive's own word. */
  readonly list: keyof Options & string;
  readonly minimum: number;
  /** Names of the options that only this primitive has. */
  readonly ownOptions: readonly string[];
  /** Names of member options that only this primitive has. */
  readonly ownMemberOptions?: readonly string[];
  /** Members that the list doesn't hold, and where they stand in the options. */
  readonly others?: readonly { readonly option: string; readonly entry: unknown }[];
  /** Checks what is the primitive's own and says how it plans. */
  plan(members: readonly Member[], context: PlanContext): Omit<Planner, 'kind'>;
}

/** What a primitive knows of itself when it says how it plans. */
export interface PlanContext {
  /** Names it in errors. */
  readonly where: string;
  readonly id: string;
  /** Counts as members without an estimator of their own do. */
  readonly counter: Counter;
}

/** Makes the language model that a primitive is. Everything wrong with its options is an error here. */
export function createPrimitive<Options extends SharedOptions>(spec: PrimitiveSpec<Options>): RoutingModel {
  const { kind, options, list, minimum, ownOptions, ownMemberOptions = [], others = [] } = spec;
  const isList = Array.isArray(options) || 'doGenerate' in Object(options);
  check(!isList, `${kind}: options`, options, `pass an object: { ${list}: [a, b] }`);
  assertKnownOptions(`${kind}: options`, options, [...sharedOptionNames, list, ...ownOptions]);
  assertId(`${kind}: id`, options.id);
  const where = options.id === undefined ? kind : `${kind} "${options.id}"`;
  const { estimator, mediaTokens, anchor, defaultOutputTokens, fallThroughOn, onDecision } = options;
  const { onTruncation = 'warn', afterContent = 'error', maxBufferedParts, cooldown } = options;
  const { deadlineMs, maxRetryAfterMs = 500 } = options;
  assertFallThroughOn(`${where}: fallThroughOn`, fallThroughOn);
  assertFunction(`${where}: onDecision`, onDecision);
  assertOneOf(`${where}: onTruncation`, onTruncation, ['warn', 'error', 'ignore']);
  assertMs(`${where}: deadlineMs`, deadlineMs);
  const isPatience = typeof maxRetryAfterMs === 'number' && maxRetryAfterMs >= 0;
  check(isPatience, `${where}: maxRetryAfterMs`, maxRetryAfterMs, 'use milliseconds, 0 or more');
  assertOneOf(`${where}: afterContent`, afterContent, ['error', 'buffer']);
  assertBufferedParts(`${where}: maxBufferedParts`, maxBufferedParts, afterContent);
  assertCooldown(`${where}: cooldown`, cooldown);
  const inherited = parseLimits(`${where}: options`, {
    estimator,
    mediaTokens,
    anchor,
    defaultOutputTokens,
  });
  const members = parseMembers({
    where: `${where}: ${list}`,
    list: options[list],
    minimum,
    ownOptions: ownMemberOptions,
    others: others.map(({ option, entry }) => ({ option: `${where}: ${option}`, entry })),
    inherited,
  });
  const id =
    options.id ??
    `${kind}(${members
      .map((member) => member.id)
      .join(', ')
      .slice(0, 80)})`;
  const planner: Planner = { kind, ...spec.plan(members, { where, id, counter: inherited }) };
  assertEffects(where, options, planner, members);
  const retried = members.some(({ retries = options.retries }) => retries);
  const cooled = cooldown && createCooldown(cooldown, id, members);
  const router: Router = {
    id,
    members,
    planner,
    ...parseAttempts(`${where}: options`, options),
    fallThroughOn,
    onTruncation,
    onDecision,
    deadlineMs,
    maxRetryAfterMs,
    bufferedParts: afterContent === 'buffer' ? (maxBufferedParts ?? 100_000) : 0,
    cooldown: cooled,
    tryMember: triesOf(cooled, retried),
  };
  assertOwnPicks(where, router);
  return createModel(router);
}

/** Two primitives of one composition can't keep their picks under one id. */
function assertOwnPicks(where: string, router: Router): void {
  const taken = new Map<object | undefined, Set<string>>();
  for (const { id, planner } of [...routersIn(router), router]) {
    const { stamps, store } = planner;
    if (!stamps && !store) continue;
    const ids = taken.get(store) ?? new Set();
    const remedy = 'both keep their picks under it, rename one';
    check(!ids.has(id), `${where}: the id of two primitives in it`, foundName(id), remedy);
    taken.set(store, ids.add(id));
  }
}

function assertBufferedParts(option: string, value: unknown, afterContent: string): void {
  if (value === undefined) return;
  check(Number.isSafeInteger(value) && (value as number) > 0, option, value, 'use a whole number above 0');
  check(afterContent === 'buffer', option, value, "it has no effect without afterContent: 'buffer'");
}

function createModel(router: Router): RoutingModel {
  const { id, members, planner } = router;
  const facade = createFacade({
    id,
    providers: members.map(({ provider }) => provider),
    models: () => members.flatMap((member) => modelOf(member, router) ?? []),
  });
  const routed = (call: Call, streams: boolean): RoutedCall => {
    return { router, call, streams, outermost: true, deadlines: noDeadlines, assumedInput: 0 };
  };
  const model = {
    kind: planner.kind,
    ...facade,
    doGenerate: (call: Call) => generate(routed(call, false)),
    doStream: async (call: Call) => (await stream(routed(call, true))).result,
  };
  registerPrimitive(model, router);
  return model as unknown as RoutingModel;
}

/** A member whose id doesn't resolve can't serve, so it has no say in what the others can take. */
function modelOf(member: Member, holder: Router): SpecModel | undefined {
  try {
    return member.resolve(holder).model;
  } catch {
    return undefined;
  }
}
