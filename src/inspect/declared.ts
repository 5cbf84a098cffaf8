import { afterKind } from '../primitive-kinds.ts';
import type { Decision } from '../decision.ts';
import type {
  AlloyConfig,
  CascadeConfig,
  DispatcherConfig,
  GatewayConfig,
  RuleConfig,
} from '../gateway/index.ts';
import { recommendedFor } from '../gateway/materials.ts';

/** Names the primitive that made a decision. */
type Decided = Pick<Decision, 'kind' | 'id'>;

/** Whether a decision is that of a single declared model, which the gateway wraps in a cascade of one step. */
export const isModel = ({ cascades = [] }: GatewayConfig, { kind, id }: Decided): boolean =>
  kind === 'cascade' && !cascades.some((each) => each.id === id);

/** A declared primitive. */
export type DeclaredPrimitive =
  | { readonly kind: 'alloy'; readonly config: AlloyConfig }
  | { readonly kind: 'cascade'; readonly config: CascadeConfig }
  | { readonly kind: 'dispatcher'; readonly config: DispatcherConfig };

/** All primitives of a gateway: alloys, cascades, dispatchers; with the cooldown that `recommended` gives them. */
export function primitivesIn(gateway: GatewayConfig): DeclaredPrimitive[] {
  const { alloys = [], cascades = [], dispatchers = [] } = gateway;
  const declared: readonly DeclaredPrimitive[] = [
    ...alloys.map((config) => ({ kind: 'alloy', config }) as const),
    ...cascades.map((config) => ({ kind: 'cascade', config }) as const),
    ...dispatchers.map((config) => ({ kind: 'dispatcher', config }) as const),
  ];
  return declared.map((each) => {
    const { cooldown = recommendedFor(each, gateway).cooldown } = each.config;
    return { ...each, config: { ...each.config, cooldown } } as DeclaredPrimitive;
  });
}

/** The primitive that made a decision, as declared; undefined for a single declared model. */
export const primitiveOf = (gateway: GatewayConfig, { kind, id }: Decided): DeclaredPrimitive | undefined =>
  primitivesIn(gateway).find((each) => each.kind === kind && each.config.id === id);

export const dispatcherOf = (
  { dispatchers = [] }: GatewayConfig,
  { kind, id }: Decided,
): DispatcherConfig | undefined =>
  kind === 'dispatcher' ? dispatchers.find((each) => each.id === id) : undefined;

/** A rule by its name in decisions: its id, else its index. */
export function ruleOf(
  config: GatewayConfig,
  decided: Decided,
  name: number | string | undefined,
): RuleConfig | undefined {
  const { rules = [] } = dispatcherOf(config, decided) ?? {};
  return typeof name === 'number' ? rules[name] : rules.find(({ id }) => id === name);
}

/** The id of a member's model, without the kind in front of it. */
export function modelName(reference: RuleConfig['target']): string {
  const model = typeof reference === 'string' ? reference : reference.model;
  return afterKind(model, '/') ?? model;
}
