import type { LanguageModel } from 'ai';
import type { Decision } from '../../src/index.ts';
import type { Installation } from './installations.ts';

/** What to ask, in the words of ai 5 to 7; `run` says it in ai 4's where they differ. */
export interface Request {
  readonly model: LanguageModel;
  readonly prompt?: string;
  readonly messages?: readonly object[];
  readonly tools?: object;
  /** How many steps a tool loop may take. @default 1 */
  readonly steps?: number;
  /** @default 0 */
  readonly maxRetries?: number;
  readonly [option: string]: unknown;
}

/** What `generateText` and `streamText` of all generations say about an answer. */
export interface Outcome {
  readonly text: string;
  readonly reasoning: string | undefined;
  readonly finishReason: string;
  readonly usage: { readonly input: number; readonly output: number };
  readonly warnings: readonly { readonly type: string; readonly message?: string }[];
  readonly steps: readonly { readonly text: string; readonly response: { readonly modelId: string } }[];
  readonly toolResults: readonly unknown[];
  readonly request: { readonly body?: unknown };
  readonly response: { readonly modelId: string; readonly headers?: Record<string, string> };
  readonly decision: Decision | undefined;
}

/** Both ways to call a model, for `describe.each`. */
export const modes = ['generate', 'stream'] as const;
export type Mode = (typeof modes)[number];

/** Runs `generateText` or `streamText` to its end; throws what goes wrong with either. */
export async function run(installation: Installation, mode: Mode, request: Request): Promise<Outcome> {
  const { sdk } = installation;
  const options = optionsOf(installation, request);
  const result =
    mode === 'generate' ? await sdk.generateText(options) : await drained(sdk.streamText(options));
  return outcomeOf(installation, result);
}

/** Options for `generateText` and `streamText`, also for tests that call them themselves. */
export function optionsOf({ sdk, major }: Installation, { steps = 1, ...request }: Request): never {
  const limit = major === 4 ? { maxSteps: steps } : { stopWhen: sdk.stepCountIs(steps) };
  const prompt = request.messages ? {} : { prompt: 'Hello!' };
  const include = { requestBody: true }; // ai 7 leaves it out otherwise
  // `never`, because it fits every generation.
  return { maxRetries: 0, onError() {}, include, ...prompt, ...request, ...limit } as never;
}

/** Reads a stream of `streamText` to its end; throws the first error in it. */
export async function drained<Result extends { readonly fullStream: AsyncIterable<{ type: string }> }>(
  result: Result,
  onText: (text: string) => void = () => {},
): Promise<Result> {
  for await (const part of result.fullStream) {
    const { type, error, text, textDelta } = part as { type: string; [field: string]: unknown };
    if (type === 'error') throw error;
    if (type === 'text-delta') onText(String(text ?? textDelta)); // `textDelta` is ai 4's
  }
  return result;
}

/** A result's fields, which are promises for streams and plain values otherwise. */
async function outcomeOf({ major }: Installation, result: object): Promise<Outcome> {
  // The results of eight functions: what is read here, all of them have.
  const { text, finishReason, warnings, steps, toolResults, request, response, ...rest } = Object.fromEntries(
    await Promise.all(fields.map(async (field) => [field, await (result as Record<string, unknown>)[field]])),
  );
  const { inputTokens, promptTokens, outputTokens, completionTokens } = rest.usage;
  return {
    text,
    finishReason,
    warnings: warnings ?? [],
    steps,
    toolResults,
    request,
    response,
    reasoning: major === 4 ? rest.reasoning : rest.reasoningText,
    usage: { input: inputTokens ?? promptTokens, output: outputTokens ?? completionTokens },
    decision: rest.providerMetadata?.['ai-alloy'],
  };
}

const fields = [
  'text',
  'reasoning',
  'reasoningText',
  'finishReason',
  'usage',
  'warnings',
  'steps',
  'toolResults',
  'request',
  'response',
  'providerMetadata',
];

/** Runs `generateObject` or `streamObject`. */
export async function runObject(
  installation: Installation,
  mode: Mode,
  { schema, ...request }: Request & { readonly schema: object },
): Promise<{ readonly object: unknown; readonly decision: Decision | undefined }> {
  const { sdk } = installation;
  const options = {
    ...(optionsOf(installation, request) as object),
    schema: sdk.jsonSchema(schema),
  } as never;
  if (mode === 'generate') return objectOf(await sdk.generateObject(options));
  return objectOf(await drained(sdk.streamObject(options)));
}

async function objectOf(result: { readonly object: unknown; readonly providerMetadata: unknown }) {
  const metadata = (await result.providerMetadata) as Record<string, Decision> | undefined;
  return { object: await result.object, decision: metadata?.['ai-alloy'] };
}

/** A tool with one string parameter. */
export function toolOf({ sdk }: Installation, parameter: string, execute: (input: never) => unknown): object {
  const schema = sdk.jsonSchema({
    type: 'object',
    properties: { [parameter]: { type: 'string' } },
    required: [parameter],
    additionalProperties: false,
  });
  return sdk.tool({
    description: 'A test tool.',
    inputSchema: schema,
    parameters: schema, // ai 4's word
    execute: async (input: never) => execute(input), // ai 4 wants a promise
  } as never);
}

/** What a promise rejects with; fails if it resolves. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (error: unknown) => error,
  );
}
