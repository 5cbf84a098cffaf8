import { assertKnownOptions } from './errors/errors.ts';
import { placeOf } from './errors/place.ts';
import type { PrimitiveKind } from './primitive-kinds.ts';
import { primitiveOf } from './routing/copies.ts';
import { isLeftOut, namedInside, parseNamed, type Named } from './routing/named.ts';
import type { Member, Router } from './routing/router.ts';
import type { ModelReference } from './sdk/model.ts';

/** What this process knows of a primitive's members: plain JSON, without any part of a prompt. */
export interface ModelStatus {
  /** The id of the primitive. */
  readonly id: string;
  readonly kind: PrimitiveKind;
  readonly members: readonly MemberStatus[];
}

/** What this process knows of a member. */
export interface MemberStatus {
  /** The member's id, as in decisions. */
  readonly id: string;
  /** `provider/modelId`, or the id of a nested primitive. */
  readonly model: string;
  /** Whether it is on cooldown, so that it is tried last. Always false without the option `cooldown`. */
  readonly onCooldown: boolean;
  /** Milliseconds until the cooldown ends; not known of one that another process started. */
  readonly cooldownMs?: number;
  /** How many attempts in a row have failed, if any and if the primitive has a `cooldown`. */
  readonly failures?: number;
  /** The limit in tokens that its provider stated in the last ten minutes, when it rejected a request as too long. */
  readonly learnedCeiling?: number;
  /** Milliseconds from the call to the first content of a stream: the median of the last ones. */
  readonly timeToFirstContentMs?: number;
  /** Output tokens per second while an answer came: the median of the last ones. */
  readonly outputTokensPerSecond?: number;
  /** The status of a nested primitive. */
  readonly nested?: ModelStatus;
}

/**
 * The members of a primitive as they stand: cooldowns, limits that providers stated, and measured speeds. Reads the
 * cooldowns that other processes share through a store; all else is what this process has seen.
 *
 * @param model an alloy, a cascade or a dispatcher, also one from a registry or a gateway, but not wrapped
 * @throws InvalidConfigurationError if `model` is not a primitive
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, statusOf } from 'ai-alloy';
 *
 * const model = cascade({
 *   steps: [openai('gpt-5'), openai('gpt-4.1')],
 *   cooldown: { failures: 3, ms: 30_000 },
 * });
 * const { members } = await statusOf(model);
 * console.log(members.filter(({ onCooldown }) => onCooldown).map(({ id }) => id));
 * ```
 */
export async function statusOf(model: Exclude<ModelReference, string>): Promise<ModelStatus> {
  return statusIn(primitiveOf('statusOf: model', model));
}

async function statusIn({ id, planner, members, cooldown }: Router): Promise<ModelStatus> {
  const ends = await cooldown?.cooldownEnds(members.map((member) => member.id));
  const now = performance.now();
  const statusFor = async ({
    id: own,
    model,
    learned,
    measured,
    resolved,
  }: Member): Promise<MemberStatus> => {
    const { failures = 0, isElsewhere = false } = cooldown?.stateOf(own) ?? {};
    const end = ends?.get(own) ?? 0;
    const { timeToFirstContentMs, outputTokensPerSecond } = measured;
    const learnedCeiling = learned.current();
    return {
      id: own,
      model,
      onCooldown: end > now,
      ...(end > now && !isElsewhere && { cooldownMs: Math.ceil(end - now) }),
      ...(failures > 0 && { failures }),
      ...(learnedCeiling < Infinity && { learnedCeiling }),
      ...(timeToFirstContentMs !== undefined && { timeToFirstContentMs }),
      ...(outputTokensPerSecond !== undefined && { outputTokensPerSecond }),
      ...(resolved?.router && { nested: await statusIn(resolved.router) }),
    };
  };
  return { id, kind: planner.kind, members: await Promise.all(members.map(statusFor)) };
}

/** Which members `reset` is about, by their ids, at any depth. */
export interface ResetOptions {
  /** Only these members; a nested primitive with all that is in it. @default all */
  readonly only?: string | readonly string[] | undefined;
  /** All members but these. @default none */
  readonly except?: string | readonly string[] | undefined;
}

/**
 * Forgets what `statusOf` lists, as if the members had not been called yet: for example, after a provider has ended an
 * outage, or has raised a limit. A cooldown in a store is ended for all processes. Members of other primitives that are
 * the same model object share its cooldown, which is ended for them as well. Calls under way go on; their failures no
 * longer count towards a cooldown. Where conversations are kept is not forgotten.
 *
 * @param model an alloy, a cascade or a dispatcher, also one from a registry or a gateway, but not wrapped
 * @param options.only only these members. @default all
 * @param options.except all members but these. @default none
 * @throws InvalidConfigurationError if `model` is not a primitive, or for a name that none of its members has
 *
 * @example
 * ```ts
 * import { reset, type RoutingModel } from 'ai-alloy';
 *
 * export const outageIsOver = (model: RoutingModel) => reset(model, { only: 'openai.responses/gpt-5' });
 * ```
 */
export async function reset(
  model: Exclude<ModelReference, string>,
  options: ResetOptions = {},
): Promise<void> {
  const router = primitiveOf('reset: model', model);
  assertKnownOptions('reset: options', options, ['only', 'except']);
  await resetIn(router, parseNamed(placeOf('reset: '), options, router));
}

async function resetIn(router: Router, named: Named): Promise<void> {
  const members = router.members.filter((member) => !isLeftOut(named, router, member));
  const nested = members.map(async (member) => {
    member.learned.forget();
    member.measured.forget();
    const inner = member.resolved?.router;
    if (inner) await resetIn(inner, namedInside(named, member));
  });
  await Promise.all([...nested, router.cooldown?.reset(members.map(({ id }) => id))]);
}
