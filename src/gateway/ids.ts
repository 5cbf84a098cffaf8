type IdsIn<Config, Section extends string> = Config extends { readonly [Name in Section]?: infer List }
  ? List extends readonly { readonly id: infer Id extends string }[]
    ? Id
    : never
  : never;

type PrimitiveIds<Config> =
  | PrefixedIds<'alloy', IdsIn<Config, 'alloys'>>
  | PrefixedIds<'cascade', IdsIn<Config, 'cascades'>>
  | PrefixedIds<'dispatcher', IdsIn<Config, 'dispatchers'>>;

type PrefixedIds<Kind extends string, Id extends string> = Id | `${Kind}/${Id}`;

type AnyIds<Config> = IdsIn<Config, 'models'> | PrimitiveIds<Config>;

/**
 * What the models of a gateway can be called by: the ids in an inline or `as const` configuration, those of primitives
 * also as `alloy/x`, `cascade/x` and `dispatcher/x`. Any string for a configuration whose ids the compiler doesn't know.
 *
 * @example
 * ```ts
 * import type { GatewayId } from 'ai-alloy/gateway';
 *
 * const config = { cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }], models: [{ id: 'openai/gpt-5' }] } as const;
 *
 * export const id: GatewayId<typeof config> = 'cascade/chat';
 * ```
 */
export type GatewayId<Config> = [AnyIds<Config>] extends [never] ? string : AnyIds<Config>;
