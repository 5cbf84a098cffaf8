import type { HuggingFaceTokenizer, Tiktoken } from '../gateway/estimators.ts';
import { beside, isAddress } from '../huggingface/source.ts';
import type { TokenEstimator } from '../tokens/estimator.ts';

/** The functions that create a file's estimators. */
export interface FileCounters {
  readonly tiktoken?: Tiktoken;
  readonly huggingFaceTokenizer: HuggingFaceTokenizer;
}

/** Token counting for a file. */
export interface FileCounting {
  /** The functions that create its estimators. They throw if one could not be loaded. */
  counters(): FileCounters;
  /** Loads what its estimators need now rather than at the first call; false if something is missing. */
  load(): Promise<boolean>;
}

/**
 * The estimators of a file that need a package, each created once. Paths of `tokenizer.json` are relative to the file's
 * folder.
 *
 * @param file where the file is; undefined for a text
 * @param counters how they are created, passed in so that a bundle has only what its caller counts with
 */
export function fileCounting(
  file: string | URL | undefined,
  { tiktoken, huggingFaceTokenizer }: Required<FileCounters>,
): FileCounting {
  const encodings = estimatorsOf(tiktoken);
  const tokenizers = estimatorsOf<Parameters<HuggingFaceTokenizer>[0]>((options) => {
    const { tokenizer, config } = options;
    return huggingFaceTokenizer({
      ...options,
      tokenizer: fromFolderOf(file, tokenizer),
      ...(config !== undefined && { config: fromFolderOf(file, config) }),
    });
  });
  return {
    // Without `tiktoken`, the gateway reports where the file asks for it, and what to install.
    counters: () => ({
      ...(!encodings.hasFailed() && { tiktoken: encodings.make as Tiktoken }),
      huggingFaceTokenizer: tokenizers.make,
    }),
    async load() {
      await Promise.all([encodings.load(), tokenizers.load()]);
      return !encodings.hasFailed() && !tokenizers.hasFailed();
    },
  };
}

function estimatorsOf<Options>(make: (options: Options) => TokenEstimator) {
  const made = new Map<string, TokenEstimator>();
  const failures = new Map<string, unknown>();
  return {
    make(options: Options): TokenEstimator {
      const key = JSON.stringify(options ?? {});
      if (failures.has(key)) throw failures.get(key);
      const estimator = made.get(key) ?? make(options);
      made.set(key, estimator);
      return estimator;
    },
    async load(): Promise<void> {
      const loading = Array.from(made, async ([key, estimator]) => {
        try {
          await estimator.load?.();
        } catch (error) {
          failures.set(key, error);
        }
      });
      await Promise.all(loading);
    },
    hasFailed: () => failures.size > 0,
  };
}

/** Resolves a relative path in a file from the file's folder. */
function fromFolderOf<Source>(file: string | URL | undefined, source: Source): Source | string | URL {
  if (file === undefined || typeof source !== 'string' || isAddress(source) || isAbsolute.test(source)) {
    return source;
  }
  return beside(file, source);
}

const isAbsolute = /^(?:[/\\]|[A-Za-z]:)/;
