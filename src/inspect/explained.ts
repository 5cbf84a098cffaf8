import { metadataKey } from '../decision-of.ts';
import type { Decision } from '../decision.ts';
import { InvalidConfigurationError } from '../errors/errors.ts';
import { explainInFull, type ExplainOptions } from '../explain.ts';
import {
  createModelGateway,
  type GatewayConfig,
  type GatewayData,
  type ModelGateway,
} from '../gateway/index.ts';
import { placeholderModel, placeholderStore, type ModelSource } from '../gateway/providers.ts';
import type { RoutingModel } from '../sdk/model.ts';
import { nativeVersion } from '../sdk/native.ts';
import { nearest } from '../spelling.ts';
import { firstLineOf } from './clean.ts';
import { destinationOf, isRefused } from './destination.ts';
import type { GatewayOptions, ReadGateway } from './read-gateway.ts';
import { reasonsOf } from './reasons.ts';
import { refusalOf } from './refusal.ts';
import { UsageError } from './usage-error.ts';

/** A gateway that was read from a file without problems. */
export type ValidGateway = ReadGateway & { readonly config: GatewayConfig };

/** Where a request would go, and why, in words. */
export interface Explained {
  readonly decision: Decision;
  /** Whether the request would be refused before any model is called. */
  readonly refused: boolean;
  /** A sentence that names the model that would be called first, or says why the request is refused. */
  readonly destination: string;
  /** What to do about a refusal. */
  readonly remedy: string | undefined;
  /** Reasons other than size. */
  readonly reasons: readonly string[];
}

/** Options of `createGateway`. */
export interface StandInOptions extends GatewayOptions {
  /** The models that stand in for those of providers. @default models that are never called */
  readonly providers?: ModelSource;
  readonly random?: () => number;
}

/** A gateway from a file, on stand-ins for its models. */
export function createGateway(
  { data, counters }: ReadGateway,
  { providers = placeholderModel, ...options }: StandInOptions = {},
): ModelGateway {
  return createModelGateway(data as GatewayData, {
    providers,
    ...counters(),
    ...options,
    // Under ai 4, sticky choices can be kept in a session store only.
    ...(nativeVersion() === 'v1' && { sessionStore: placeholderStore }),
  });
}

/** Where a request would go. Calls no model. */
export async function explainIn(
  { config, file, spell }: ValidGateway,
  model: RoutingModel,
  request: ExplainOptions,
): Promise<Explained> {
  const decision = await decided(model, request);
  const refused = isRefused(decision);
  const { destination, remedy } = refused
    ? refusalOf(decision, config, spell)
    : { destination: destinationOf(decision), remedy: undefined };
  const reasons = reasonsOf(decision, {
    config,
    metadata: metadataOf(request),
    hasAnswers: hasAnswers(request),
    textOf: file.textOf,
  });
  return { decision, refused, destination, remedy, reasons };
}

/** The metadata of the request, `providerOptions['ai-alloy']`. */
const metadataOf = ({ providerOptions }: ExplainOptions): Readonly<Record<string, unknown>> =>
  Object(providerOptions?.[metadataKey]);

const hasAnswers = ({ messages = [] }: ExplainOptions): boolean =>
  messages.some(({ role }) => role === 'assistant');

async function decided(model: RoutingModel, request: ExplainOptions): Promise<Decision> {
  try {
    return await explainInFull(model, request);
  } catch (error) {
    if (InvalidConfigurationError.isInstance(error)) throw error;
    const message = firstLineOf(error).slice(0, 300);
    // `ai` doesn't check every part of a request: the runtime then throws a TypeError that means little to the user.
    const said = error instanceof TypeError ? `ai can't read it (${message})` : message;
    throw new UsageError(`the request is not valid: ${said}`, { cause: error });
  }
}

/** All names by which a model or primitive can be asked for: ids first, then those with the kind in front. */
function namesIn(config: GatewayConfig) {
  const { models = [], alloys = [], cascades = [], dispatchers = [], modelShortcuts = [] } = config;
  const primitives = { dispatcher: dispatchers, cascade: cascades, alloy: alloys };
  const ids = [...dispatchers, ...cascades, ...alloys, ...models].map((each) => each.id);
  const qualified = Object.entries(primitives).flatMap(([kind, list]) =>
    list.map((each) => `${kind}/${each.id}`),
  );
  const shortcuts = modelShortcuts.flatMap(({ alias, model }) => [alias, model]);
  return { ids, names: [...ids, ...qualified, ...shortcuts] };
}

/** The ids of a gateway: dispatchers, cascades, alloys, models. */
export const idsIn = (config: GatewayConfig): readonly string[] => namesIn(config).ids;

/** Throws unless the gateway has a model or primitive of this name. */
export function assertDeclared(config: GatewayConfig, id: string, textOf: (id: string) => string): void {
  const { ids, names } = namesIn(config);
  if (names.includes(id)) return;
  const meant = nearest(id, names);
  const remedy = meant
    ? `did you mean "${textOf(meant)}"?`
    : `there are ${ids.slice(0, 20).map(textOf).join(', ') || 'none in this file'}`;
  throw new UsageError(`unknown model "${id}": ${remedy}`);
}
