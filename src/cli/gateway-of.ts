import { type GatewayConfig, parseGatewayConfig } from '../gateway/index.ts';
import { counting } from './counting.ts';
import { withoutAsking } from '../load/ask-sizes.ts';
import { type FileCounters, fileCounting } from '../load/file-counting.ts';
import { fileProblems } from '../load/file-problems.ts';
import type { FileProblem } from '../load/problem.ts';
import { readGatewayFile, type GatewayFile } from '../load/read-gateway-file.ts';

/** What a file declares, or what is wrong with it. */
export interface ReadGateway {
  readonly file: GatewayFile;
  /** What the file holds; no server is asked for a size. */
  readonly data: unknown;
  /** Undefined where there are problems. */
  readonly config: GatewayConfig | undefined;
  readonly problems: readonly FileProblem[];
  /** What its estimators are made by, once more. */
  counters(): FileCounters;
  /** What is allowed, and hardly meant; and how it is counted here, if not as elsewhere. */
  readonly notes: readonly string[];
}

/** What `createModelGateway` will be told, as far as a check has to know it. */
export interface GatewayOptions {
  readonly undeclared?: 'error' | 'ai-sdk';
}

/** Reads a file, and what it declares. */
export async function readGateway(path: string, options: GatewayOptions = {}): Promise<ReadGateway> {
  const file = await readGatewayFile(path);
  const ours = counting();
  const counts = fileCounting(path, ours);
  const { data, notes } = await withoutAsking(file.data);
  const parse = () => parseGatewayConfig(data, { ...options, ...counts.counters() });
  // Data that can't be parsed declares nothing; to say so would be one message too many.
  if (file.data === undefined) {
    return { file, data, config: undefined, problems: file.problems, counters: counts.counters, notes: [] };
  }
  let parsed = parse();
  // Once more, to say where the file asks for what can't be loaded.
  if (parsed.problems.length === 0 && !(await counts.load())) parsed = parse();
  const problems = fileProblems(file, parsed.problems);
  const warnings = (parsed.warnings ?? []).map((message) => file.hideValues(message));
  const asked = notes.map(({ path: at, message }) => file.hideValues(message, at));
  return {
    file,
    data,
    config: problems.length === 0 ? parsed.config : undefined,
    problems,
    counters: counts.counters,
    notes: [...ours.notes, ...asked, ...warnings],
  };
}
