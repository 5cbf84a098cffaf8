import { generateText } from 'ai';
import type { Decision } from './decision.ts';
import { check } from './errors.ts';
import { planCall } from './routing/plan.ts';
import { bounded } from './routing/bounded.ts';
import { routers } from './routing/router.ts';
import type { Call, ModelReference } from './spec/model.ts';
import { nativeVersion } from './spec/native.ts';

/** What one would pass to `generateText`, less the model: prompt or messages, tools, maxOutputTokens, … */
export type ExplainOptions = Omit<Parameters<typeof generateText>[0], 'model'>;

/**
 * The decision for a request, without calling any model: who could hold it, by what demand and ceiling, and
 * who would be skipped. An alloy's shares stand in for its draw. Files behind URLs are not downloaded.
 *
 * @param model an alloy, a cascade or a dispatcher, not wrapped
 * @param options the request, as for `generateText`
 * @throws InvalidConfigurationError if `model` is no primitive
 * @throws what `generateText` throws for an invalid prompt
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { dispatcher, explain } from 'ai-alloy';
 *
 * const model = dispatcher({ targets: [{ model: openai('gpt-5'), contextWindow: 400_000 }] });
 * const { candidates } = await explain(model, { prompt: 'Hello!' });
 * console.log(candidates[0]?.fits); // true
 * ```
 */
export async function explain(model: ModelReference, options: ExplainOptions): Promise<Decision> {
  const router = routers.get(model as object);
  check(
    router !== undefined,
    'explain: model',
    model,
    'pass what alloy, cascade or dispatcher returned, not wrapped',
  );
  return bounded((await planCall(router, await callFor(options))).decision);
}

/** The call that the installed `generateText` makes of a request, caught by a model that answers nothing. */
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
    await generateText({ ...options, model: probe, maxRetries: 0 } as never);
  } catch (error) {
    if (caught === undefined) throw error;
  }
  return caught!;
}
