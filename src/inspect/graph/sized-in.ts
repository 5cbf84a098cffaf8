import type { GatewayConfig, MemberConfig } from '../../gateway/index.ts';

type Reference = string | MemberConfig;

/** Tells targets with a size from catch-alls, which a dispatcher asks last, by the same rules as the primitives. */
export function sizedIn(config: GatewayConfig): (reference: Reference) => boolean {
  const { models = [], alloys = [], cascades = [], dispatchers = [] } = config;
  const members = new Map<string, readonly Reference[]>([
    ...cascades.flatMap(({ id, steps }) => named('cascade', id, steps)),
    // If there are targets, a member that only a rule names doesn't count.
    ...dispatchers.flatMap(({ id, targets = [], rules = [] }) =>
      named('dispatcher', id, targets.length > 0 ? targets : rules.map(({ target }) => target)),
    ),
  ]);
  // An alloy always has a size.
  const known = new Map<string, boolean>([
    ...models.map((model) => [model.id, hasSize(model)] as const),
    ...alloys.flatMap(({ id }) => named('alloy', id, true)),
  ]);
  const isSized = (reference: Reference): boolean => {
    const { model, ...own } = typeof reference === 'string' ? { model: reference } : reference;
    if (hasSize(own)) return true;
    // Each only once: a primitive may be nested in another along many paths.
    const sized = known.get(model) ?? members.get(model)?.every(isSized) ?? false;
    known.set(model, sized);
    return sized;
  };
  return isSized;
}

/** Adds a value under an id, and under the id with its kind in front. */
const named = <Value>(kind: string, id: string, value: Value): (readonly [string, Value])[] => [
  [id, value],
  [`${kind}/${id}`, value],
];

const hasSize = ({ contextWindow, maxInputTokens }: Partial<MemberConfig>): boolean =>
  (contextWindow ?? maxInputTokens) !== undefined;
