import { type GatewayConfig, parseGatewayConfig } from '../gateway/index.ts';
import type { HuggingFaceTokenizer, Tiktoken } from '../gateway/estimators.ts';
import { readPlainData, type PlainData } from '../gateway/plain-data.ts';
import { withoutAsking } from '../load/ask-sizes.ts';
import { type FileCounters, fileCounting } from '../load/file-counting.ts';
import { fileProblems } from '../load/file-problems.ts';
import type { FileProblem } from '../load/problem.ts';
import {
  readGatewayFile,
  type GatewayFile,
  type GatewayText,
  type ReadGatewayFileOptions,
} from '../load/read-gateway-file.ts';

/** How tokens are counted here, and notes for the user where that differs from a real call. */
export interface Counting {
  readonly tiktoken: Tiktoken;
  readonly huggingFaceTokenizer: HuggingFaceTokenizer;
  readonly notes: readonly string[];
}

/** What a file declares, or its problems. */
export interface ReadGateway {
  readonly file: GatewayFile;
  /** The contents of the file. No server is asked for a context window. */
  readonly data: unknown;
  /** Undefined if there are problems. */
  readonly config: GatewayConfig | undefined;
  readonly problems: readonly FileProblem[];
  /** An option in the spelling that the file prefers. */
  spell(option: string): string;
  /** Makes its estimators, for a second gateway from the same file. */
  counters(): FileCounters;
  /** Warnings about declarations that are allowed but probably a mistake, and where counting differs from a real call. */
  readonly notes: readonly string[];
}

/** Options that will be passed to `createModelGateway` and that change what a check finds. */
export interface GatewayOptions {
  readonly undeclared?: 'error' | 'ai-sdk';
}

/** Reads a file, by its path or as a text, and what it declares. */
export async function readGateway(
  source: string | GatewayText,
  ours: Counting,
  { environment, ...options }: GatewayOptions & ReadGatewayFileOptions = {},
): Promise<ReadGateway> {
  const file = await readGatewayFile(source, environment && { environment });
  const counts = fileCounting(typeof source === 'string' ? source : undefined, ours);
  const { data, notes } = await withoutAsking(file.data);
  let plain: PlainData | undefined; // only the refusal of a request spells options
  const spell = (option: string): string => (plain ??= readPlainData(data, () => undefined)).spell(option);
  const parse = () => parseGatewayConfig(data, { ...options, ...counts.counters() });
  // A file that can't be parsed declares nothing, but reporting that as well would only repeat the problem.
  if (file.data === undefined) {
    const { problems } = file;
    return { file, data, config: undefined, problems, spell, counters: counts.counters, notes: [] };
  }
  let parsed = parse();
  // Parse again without what can't be loaded, so that problems say where the file asks for it.
  if (parsed.problems.length === 0 && !(await counts.load())) parsed = parse();
  const problems = fileProblems(file, parsed.problems);
  const warnings = parsed.warnings.map((message) => file.hideValues(message));
  const asked = notes.map(({ path: at, message }) => file.hideValues(message, at));
  return {
    file,
    data,
    config: problems.length === 0 ? parsed.config : undefined,
    problems,
    spell,
    counters: counts.counters,
    notes: [...ours.notes, ...asked, ...warnings],
  };
}
