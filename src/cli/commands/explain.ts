import { metadataKey } from '../../decision-of.ts';
import type { Decision } from '../../decision.ts';
import { InvalidConfigurationError } from '../../errors/errors.ts';
import { explainInFull, type ExplainOptions } from '../../explain.ts';
import { createModelGateway, type GatewayConfig, type GatewayData } from '../../gateway/index.ts';
import { nearest } from '../../spelling.ts';
import { placeholderModel, placeholderStore } from '../../gateway/providers.ts';
import type { RoutingModel } from '../../sdk/model.ts';
import { nativeVersion } from '../../sdk/native.ts';
import { setClock } from '../clock.ts';
import { destinationOf, isRefused } from '../destination.ts';
import { type GatewayOptions, readGateway } from '../gateway-of.ts';
import { clean, firstLineOf, type Outcome, UsageError } from '../outcome.ts';
import { reasonsOf } from '../reasons.ts';
import { refusalOf } from '../refusal.ts';
import { requestOf, type RequestOptions } from '../request/request-of.ts';
import { decisionTable } from '../tables/decision-table.ts';
import { withProblems } from './check.ts';

/** Options of `explain`: the request, and how to read the gateway. */
export interface ExplainRequestOptions extends RequestOptions, GatewayOptions {
  /** The time to assume, for rules about the time of day. */
  readonly at?: string;
}

/** Says where a request would go, without calling a model. */
export async function explainRequest(
  file: string,
  id: string,
  options: ExplainRequestOptions,
): Promise<Outcome> {
  const { undeclared = 'error', at } = options;
  if (at !== undefined) setClock(at);
  const request = await requestOf(options);
  const { config, file: read, data, problems, counters, notes } = await readGateway(file, { undeclared });
  if (!config) return withProblems(file, problems);
  assertDeclared(config, id, read.textOf);
  const gateway = createModelGateway(data as GatewayData, {
    providers: placeholderModel,
    ...counters(),
    undeclared,
    // Under ai 4, sticky choices can be kept in a session store only.
    ...(nativeVersion() === 'v1' && { sessionStore: placeholderStore }),
  });
  const decision = await decided(gateway.languageModel(id), request);
  const refused = isRefused(decision);
  const { destination, remedy } = refused
    ? refusalOf(decision, config)
    : { destination: destinationOf(decision), remedy: undefined };
  const reasons = reasonsOf(decision, {
    config,
    metadata: metadataOf(request),
    hasAnswers: hasAnswers(request),
    textOf: read.textOf,
  });
  const said = [
    destination,
    ...(remedy ? [remedy] : []),
    ...reasons,
    ...notes.map((note) => `Note: ${note}`),
  ];
  return {
    text: [decisionTable(decision, config, process.stdout.columns), ...said.map(clean)].join('\n'),
    json: { ok: !refused, file, id, refused, destination, remedy, reasons, decision, notes },
    code: refused ? 1 : 0,
  };
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

function assertDeclared(config: GatewayConfig, id: string, textOf: (id: string) => string): void {
  const { models = [], alloys = [], cascades = [], dispatchers = [], modelShortcuts = [] } = config;
  const primitives = { alloy: alloys, cascade: cascades, dispatcher: dispatchers };
  const ids = [...dispatchers, ...cascades, ...alloys, ...models].map((each) => each.id);
  const qualified = Object.entries(primitives).flatMap(([kind, list]) =>
    list.map((each) => `${kind}/${each.id}`),
  );
  const shortcuts = modelShortcuts.flatMap(({ alias, model }) => [alias, model]);
  const names = [...ids, ...qualified, ...shortcuts];
  if (names.includes(id)) return;
  const meant = nearest(id, names);
  const remedy = meant
    ? `did you mean "${textOf(meant)}"?`
    : `there are ${ids.slice(0, 20).map(textOf).join(', ') || 'none in this file'}`;
  throw new UsageError(`unknown model "${id}": ${remedy}`);
}
