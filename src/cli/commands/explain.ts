import type { Decision } from '../../decision.ts';
import { explainInFull, type ExplainOptions } from '../../explain.ts';
import { createModelGateway, type GatewayConfig, type GatewayData } from '../../gateway/index.ts';
import { nearest } from '../../gateway/nearest.ts';
import { placeholderModel } from '../../gateway/providers.ts';
import { NoRuleMatchedError } from '../../no-rule-matched-error.ts';
import type { RoutingModel } from '../../spec/model.ts';
import { counting } from '../counting.ts';
import { destinationOf, isRefused } from '../destination.ts';
import { type GatewayOptions, readGateway } from '../gateway-of.ts';
import { type Outcome, UsageError } from '../outcome.ts';
import { requestOf, type RequestOptions } from '../request.ts';
import { decisionTable } from '../tables/decision-table.ts';
import { withProblems } from './check.ts';

/** What is to be explained, and of which gateway. */
export interface ExplainRequestOptions extends RequestOptions, GatewayOptions {}

/** Says where a request would go, without calling a model. */
export async function explainRequest(
  file: string,
  id: string,
  options: ExplainRequestOptions,
): Promise<Outcome> {
  const request = await requestOf(options);
  const { undeclared = 'error' } = options;
  const { config, file: read, problems } = await readGateway(file, { undeclared });
  if (!config) return withProblems(file, problems);
  assertDeclared(config, id, read.textOf);
  const isModel = config.models?.some((model) => model.id === id) === true;
  const { tiktoken, notes } = counting();
  const gateway = createModelGateway(read.data as GatewayData, {
    providers: placeholderModel,
    tiktoken,
    undeclared,
  });
  const decision = await decided(gateway.languageModel(id), request);
  const destination = destinationOf(decision, isModel);
  const refused = isRefused(decision);
  return {
    text: [decisionTable(decision, isModel), destination, ...notes.map((note) => `Note: ${note}`)].join('\n'),
    json: { ok: !refused, file, id, refused, destination, decision, notes },
    code: refused ? 1 : 0,
  };
}

/** The decision, that of a request that no rule matches included. */
async function decided(model: RoutingModel, request: ExplainOptions): Promise<Decision> {
  try {
    return await explainInFull(model, request);
  } catch (error) {
    if (NoRuleMatchedError.isInstance(error)) return error.decision;
    // What `ai` says of messages that are none.
    const [first = ''] = String(Object(error).message).split('\n');
    throw new UsageError(`the request is not valid: ${first.slice(0, 300)}`, { cause: error });
  }
}

function assertDeclared(config: GatewayConfig, id: string, textOf: (id: string) => string): void {
  const { models = [], alloys = [], cascades = [], dispatchers = [] } = config;
  const primitives = { alloy: alloys, cascade: cascades, dispatcher: dispatchers };
  const ids = [...dispatchers, ...cascades, ...alloys, ...models].map((each) => each.id);
  const qualified = Object.entries(primitives).flatMap(([kind, list]) =>
    list.map((each) => `${kind}/${each.id}`),
  );
  const names = [...ids, ...qualified];
  if (names.includes(id)) return;
  const meant = nearest(id, names);
  const remedy = meant
    ? `did you mean "${textOf(meant)}"?`
    : `there are ${ids.slice(0, 20).map(textOf).join(', ') || 'none in this file'}`;
  throw new UsageError(`unknown model "${id}": ${remedy}`);
}
