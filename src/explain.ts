import { generateText } from 'ai';
import type { Decision } from './decision.ts';
import { arrange } from './routing/arrange.ts';
import type { Plan } from './routing/plan.ts';
import { planCall } from './routing/plan-call.ts';
import { bounded } from './routing/bounded.ts';
import { primitiveOf } from './routing/copies.ts';
import type { Router } from './routing/router.ts';
import type { Call, ModelReference } from './sdk/model.ts';
import { nativeVersion } from './sdk/native.ts';

/** What you would pass to `generateText`, without the model: prompt or messages, tools, maxOutputTokens, … */
export type ExplainOptions = Omit<Parameters<typeof generateText>[0], 'model'>;

/**
 * A dry run: the decision for a request, without calling any model (but what predicates of rules call). It says which members could hold the request, how
 * many tokens it needs of each and how many they hold, and which would be skipped. `order[0]` is the member that would
 * be called first. It is undefined if nothing fits. An alloy draws only in real calls: its candidates have a `share`, and
 * its `order` is undefined, unless every draw puts the same constituent first. That is so for the only constituent that
 * may be drawn, and for the one that `redraw` keeps: `order` then names that one alone. Files behind URLs are not
 * downloaded, callbacks, `shorten` and `prepareStep` are not called, and tools are not executed.
 *
 * @param model an alloy, a cascade or a dispatcher, also one from a registry or a gateway, but not wrapped
 * @param options the request, as for `generateText`
 * @throws InvalidConfigurationError if `model` is not a primitive, or if the request names members that it doesn't have
 * @throws what `generateText` throws for an invalid prompt
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { dispatcher, explain } from 'ai-alloy';
 *
 * const model = dispatcher({ targets: [{ model: openai('gpt-5'), contextWindow: 400_000 }] });
 * const { order } = await explain(model, { prompt: 'Hello!' });
 * console.log(order?.[0]); // openai.responses/gpt-5
 * ```
 */
export async function explain(
  model: Exclude<ModelReference, string>,
  options: ExplainOptions,
): Promise<Decision> {
  return bounded(await explainInFull(model, options));
}

/** Like `explain`, but a long decision is not shortened. */
export async function explainInFull(
  model: Exclude<ModelReference, string>,
  options: ExplainOptions,
): Promise<Decision> {
  const router = primitiveOf('explain: model', model);
  const plan = await planCall(router, await callFor(options), { nestedDecision: decisionFor });
  const decision = await decisionFor(router, plan);
  return plan.fits ? decision : { ...decision, outcome: 'refused' };
}

/** The decision of a plan, with members on cooldown marked, and with the order as far as it is certain without a draw. */
async function decisionFor(router: Router, plan: Plan): Promise<Decision> {
  const { draws } = router.planner;
  const { order, availableCount, decision } = await arrange(router, plan, draws ? undrawn : undefined);
  if (!plan.fits) return decision;
  const ids = order.map(({ id }) => id);
  if (!draws) return { ...decision, order: ids };
  const isCertain = availableCount <= 1 || order[0] === plan.first;
  return isCertain ? { ...decision, order: ids.slice(0, 1) } : decision;
}

/** In place of a draw, which happens only in real calls. */
const undrawn = <Each>(members: readonly Each[]): readonly Each[] => members;

/** The request without callbacks and telemetry (of ai 4 to 7), and with tools that do nothing. */
function withoutSideEffects(options: ExplainOptions): object {
  const request = Object.entries(options).filter(
    ([name]) => !/^(experimental_)?(on[A-Z]|prepare)/.test(name),
  );
  const off = { isEnabled: false };
  const tools = Object.entries((options.tools ?? {}) as Record<string, { execute?: unknown }>).map(
    ([name, tool]) => [name, tool.execute ? { ...tool, execute: () => '' } : tool] as const,
  );
  return {
    ...Object.fromEntries(request),
    ...(options.tools && { tools: Object.fromEntries(tools) }),
    telemetry: off,
    experimental_telemetry: off,
  };
}

/** The call that the installed `generateText` makes of a request: a probe model records the call and throws. */
async function callFor(options: ExplainOptions): Promise<Call> {
  let caught: Call | undefined;
  const stop = new Error('ai-alloy: the call was only to be explained');
  const probe = {
    specificationVersion: nativeVersion(),
    provider: 'ai-alloy',
    modelId: 'explain',
    supportedUrls: { '*/*': [/.*/] },
    supportsUrl: () => true,
    async doGenerate(call: Call): Promise<never> {
      caught = call;
      throw stop;
    },
  };
  try {
    await generateText({ ...withoutSideEffects(options), model: probe, maxRetries: 0 } as never);
  } catch (error) {
    if (caught === undefined) throw error;
  }
  return caught!;
}
