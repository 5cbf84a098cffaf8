import type { LanguageModel } from 'ai';
import { partsOf, resultOf, type Answer, type Part } from './mock-answers.ts';
import type { Installation, Version } from './installations.ts';

/** The options of a call, as a model gets them. */
export interface Call {
  readonly prompt: readonly { readonly role: string; readonly content: unknown }[];
  readonly abortSignal?: AbortSignal;
  readonly [option: string]: unknown;
}

/** A model that records how it was used. */
export type MockModel = Exclude<LanguageModel, string> & {
  /** The options of the calls made on it, generate and stream. */
  readonly calls: readonly Call[];
};

interface Behaviour {
  generate(call: Call): unknown;
  stream(call: Call): unknown;
}

export interface Models {
  /** Answers generate and stream alike; by default with its own id. */
  answers(modelId: string, answer?: Answer, version?: Version): MockModel;
  /** Gives the answers in turn, and stays with the last one. */
  answersInTurn(modelId: string, answers: readonly Answer[]): MockModel;
  /** Its calls reject, each with an error of its own. */
  rejects(modelId: string, error: () => unknown): MockModel;
  /** Streams what `open` opens; has no generate. */
  streams(modelId: string, open: (call: Call) => ReadableStream<Part>): MockModel;
  behaves(modelId: string, behaviour: Behaviour, version?: Version): MockModel;
}

/** Mock models for a generation: its own `ai/test` classes, and plain objects of the older specifications. */
export function modelsOf({ mocks, native }: Installation): Models {
  const behaves: Models['behaves'] = (modelId, { generate, stream }, version = native) => {
    const calls: Call[] = [];
    const recorded = (behave: Behaviour['generate']) => async (call: Call) => {
      calls.push(call);
      return behave(call);
    };
    const MockClass = mocks[`MockLanguageModel${version.toUpperCase()}`];
    const settings = {
      specificationVersion: version,
      provider: 'mock',
      modelId,
      defaultObjectGenerationMode: 'json', // V1
      supportedUrls: {}, // V2 to V4
      doGenerate: recorded(generate),
      doStream: recorded(async (call) => ({
        stream: await stream(call),
        ...(version === 'v1' && { rawCall }),
      })),
    };
    // A generation has no mocks for the older specifications that it runs as well.
    const model = MockClass ? new MockClass(settings) : settings;
    return Object.assign(model, { calls }) as unknown as MockModel;
  };
  const answersInTurn: Models['answersInTurn'] = (modelId, answers) => {
    let turn = 0;
    const next = (): Answer => answers[Math.min(turn++, answers.length - 1)]!;
    return behaves(modelId, {
      generate: () => resultOf(native, next()),
      stream: () => streamOf(partsOf(native, next())),
    });
  };
  return {
    behaves,
    answersInTurn,
    answers: (modelId, answer = { text: modelId }, version = native) =>
      behaves(
        modelId,
        {
          generate: () => resultOf(version, answer),
          stream: () => streamOf(partsOf(version, answer)),
        },
        version,
      ),
    rejects: (modelId, error) => {
      const fail = (): never => {
        throw error();
      };
      return behaves(modelId, { generate: fail, stream: fail });
    },
    streams: (modelId, open) => {
      const generate = (): never => {
        throw new Error('this mock only streams');
      };
      return behaves(modelId, { generate, stream: open });
    },
  };
}

const rawCall = { rawPrompt: null, rawSettings: {} };

/** A stream of parts that ends, or breaks with `error`, after them. */
export function streamOf(parts: readonly Part[], error?: unknown): ReadableStream<Part> {
  const left = [...parts];
  return new ReadableStream({
    pull(controller) {
      const part = left.shift();
      if (part) controller.enqueue(part);
      else if (error === undefined) controller.close();
      else controller.error(error);
    },
  });
}

/** A stream of `length` text deltas that knows how many parts were pulled, and whether it was cancelled. */
export function countedStream(version: Version, length: number) {
  const parts = partsOf(version, { text: 'word '.repeat(length).trimEnd() });
  const seen = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Part>({
    pull(controller) {
      controller.enqueue(parts[seen.pulled++]!);
      if (seen.pulled === parts.length) controller.close();
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { stream, seen };
}

/** An error as a provider package throws it. */
export function apiError(
  { sdk }: Installation,
  statusCode: number | undefined,
  { body, ...settings }: { body?: object; isRetryable?: boolean; cause?: unknown } = {},
): Error {
  return new sdk.APICallError({
    message: 'failed',
    url: 'http://127.0.0.1/',
    requestBodyValues: { messages: ['the secret prompt'] },
    ...(statusCode && { statusCode }),
    ...(body && { responseBody: JSON.stringify(body), data: body }),
    ...settings,
  });
}
