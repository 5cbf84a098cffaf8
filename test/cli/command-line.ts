import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const builtCli: string = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** What a run of the command line came to. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line, as `npx ai-alloy` would. */
export function runCli(
  args: readonly string[],
  { input = '', environment = {}, cli = builtCli, cwd = tmpdir() }: RunOptions = {},
): Promise<Run> {
  return new Promise((resolve) => {
    // No keys, and nothing else of this process: it works without.
    const env = { PATH: process.env['PATH'], ...environment };
    const child = execFile(process.execPath, [cli, ...args], { env, cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
    child.stdin!.end(input);
  });
}

interface RunOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cli?: string;
  readonly cwd?: string;
}

/** Writes files for the tests of a suite, and removes them in the end. */
export function temporaryFiles(): (name: string, text: string) => Promise<string> {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ai-alloy-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return async (name, text) => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
}

/** The gateway of most tests. */
export const models = `
models:
  - id: local/qwen
    context_window: 32K
    capacity_fraction: 0.75
  - id: "\${KIMI:-opencode/kimi-k2}"
    context_window: 262144
alloys:
  - id: blend
    name: Fast + "Smart"
    constituents:
      - { model: google/gemini, context_window: 1M, weight: 80 }
      - { model: meta/llama, context_window: 200000, weight: 20 }
cascades:
  - id: safe
    steps: ["\${KIMI:-opencode/kimi-k2}", local/qwen]
dispatchers:
  - id: smart
    targets: [local/qwen, alloy/blend, cascade/safe]
  - id: ruled
    rules:
      - { when: { metadata: { tier: gold } }, target: "\${KIMI:-opencode/kimi-k2}" }
      - { id: seats, when: { metadata: { seats: 5 }, max_input_tokens: 10K }, target: local/qwen }
`;
