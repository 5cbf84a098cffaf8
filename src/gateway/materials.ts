import type { KeyValueStore } from '../faults/key-value-store.ts';
import type { MediaTokens } from '../tokens/call/media.ts';
import { countingOptionNames, type Counters } from './estimators.ts';
import type { ResolveModel } from './providers.ts';

/** What a gateway is made with, besides data. */
export interface Materials extends Counters {
  readonly resolveModel: ResolveModel;
  readonly mediaTokens?: MediaTokens | undefined;
  readonly random?: (() => number) | undefined;
  readonly cooldownStore?: KeyValueStore | undefined;
  readonly sessionStore?: KeyValueStore | undefined;
  /** Takes what is to be said of a primitive, by its id, that can be made, and is hardly meant so. */
  readonly warn: (primitive: string, message: string) => void;
}

type Values = Readonly<Record<string, unknown>>;

/** What isn't an option of a primitive, or is made one elsewhere. */
const others: readonly string[] = [
  'name',
  ...countingOptionNames,
  'constituents',
  'steps',
  'targets',
  'rules',
];

/** Options that a primitive takes as they were declared, and what only code can give. */
export function sharedOptions(
  config: object,
  { modelDefaults = {} }: { readonly modelDefaults?: object | undefined },
  { mediaTokens, cooldownStore, sessionStore }: Materials,
): Values {
  const own = Object.entries(config).filter(([key]) => !others.includes(key));
  const options: Values = Object.fromEntries(own);
  const isSticky = String(options['reevaluate']).startsWith('sticky');
  const { cooldown, defaultOutputTokens = (modelDefaults as Values)['defaultOutputTokens'] } = options;
  return {
    ...options,
    ...(mediaTokens && { mediaTokens }),
    ...(defaultOutputTokens !== undefined && { defaultOutputTokens }),
    ...(isSticky && sessionStore && { session: { store: sessionStore } }),
    ...(cooldown !== undefined && {
      cooldown: { ...(cooldown as object), ...(cooldownStore && { store: cooldownStore }) },
    }),
  };
}
