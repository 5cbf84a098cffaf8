import type { Decision } from '../decision.ts';
import type { DispatcherConfig, GatewayConfig, RuleConfig } from '../gateway/index.ts';

/** What a file says of the primitive that decided. */
type Decided = Pick<Decision, 'kind' | 'id'>;

/** Whether it is a model, of which the gateway makes a cascade of one step. */
export const isModel = ({ cascades = [] }: GatewayConfig, { kind, id }: Decided): boolean =>
  kind === 'cascade' && !cascades.some((each) => each.id === id);

export const dispatcherOf = (
  { dispatchers = [] }: GatewayConfig,
  { kind, id }: Decided,
): DispatcherConfig | undefined =>
  kind === 'dispatcher' ? dispatchers.find((each) => each.id === id) : undefined;

/** A rule by its name in decisions: its id, else its place. */
export function ruleOf(
  config: GatewayConfig,
  decided: Decided,
  name: number | string | undefined,
): RuleConfig | undefined {
  const { rules = [] } = dispatcherOf(config, decided) ?? {};
  return typeof name === 'number' ? rules[name] : rules.find(({ id }) => id === name);
}

/** The model of a member, by its bare id. */
export function modelName(reference: RuleConfig['target']): string {
  const model = typeof reference === 'string' ? reference : reference.model;
  return model.replace(/^(alloy|cascade|dispatcher)\//, '');
}
