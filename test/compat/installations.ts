import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';

/** One generation of the AI SDK with the packed ai-alloy beside it. Typed as ai 7; `run.ts` bridges the rest. */
export interface Installation {
  readonly major: 4 | 5 | 6 | 7;
  /** The specification that this generation's own models have. */
  readonly native: Version;
  readonly sdk: typeof import('ai');
  readonly mocks: Readonly<Record<string, MockClass | undefined>>;
  readonly aiAlloy: typeof import('../../src/index.ts');
  readonly counting: typeof import('../../src/tiktoken/index.ts');
  readonly countingOpen: typeof import('../../src/huggingface/index.ts');
  readonly local: typeof import('../../src/local/index.ts');
  readonly media: typeof import('../../src/media/index.ts');
  readonly otel: typeof import('../../src/otel/index.ts');
  readonly redis: typeof import('../../src/redis/index.ts');
  readonly declared: typeof import('../../src/gateway/index.ts');
  readonly loading: typeof import('../../src/load/index.ts');
  readonly createOpenAI: typeof import('@ai-sdk/openai').createOpenAI;
  readonly createAnthropic: typeof import('@ai-sdk/anthropic').createAnthropic;
  readonly createGoogleGenerativeAI: typeof import('@ai-sdk/google').createGoogleGenerativeAI;
  readonly createOpenAICompatible: typeof import('@ai-sdk/openai-compatible').createOpenAICompatible;
}

export type Version = 'v1' | 'v2' | 'v3' | 'v4';

/** A mock class of `ai/test`; which ones there are depends on the generation. */
export type MockClass = new (settings: object) => object;

const natives = { 4: 'v1', 5: 'v2', 6: 'v3', 7: 'v4' } as const;
const majors = [4, 5, 6, 7] as const;

/** All generations, for `describe.each`. */
export async function installations(): Promise<Installation[]> {
  return Promise.all(
    majors.map(async (major) => {
      const url = pathToFileURL(`${inject('installations')}/ai-${major}/node_modules/entry/index.mjs`);
      return { major, native: natives[major], ...(await import(url.href)) };
    }),
  );
}
