import type { GatewayConfig } from './config.ts';

/** A configuration of any spelling, of which only the ids are known to the compiler. */
interface LooseData {
  readonly models?: readonly LooseEntry[];
  readonly alloys?: readonly LooseEntry[];
  readonly cascades?: readonly LooseEntry[];
  readonly dispatchers?: readonly LooseEntry[];
  readonly [part: string]: unknown;
}

interface LooseEntry {
  readonly id: string;
  readonly [option: string]: unknown;
}

/**
 * A configuration as it is written: in code, in JSON, YAML or TOML, in snake_case or camelCase. Editors complete the
 * options in camelCase; what is right is decided when a gateway is made of it.
 */
export type GatewayData = GatewayConfig | LooseData;

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
