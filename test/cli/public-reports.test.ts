import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type Run } from './command-line.ts';
import reported from './public-reports.json' with { type: 'json' };

/** What a command is to exit with, and patterns for what it prints and doesn't. */
interface Expected {
  readonly exit: number | readonly number[];
  readonly says?: readonly string[];
  readonly saysNot?: readonly string[];
}

/** A file as users of other routers write it, by public reports; `source` has them. */
interface ReportedFile {
  readonly id: string;
  readonly title: string;
  readonly cli: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly text: string; readonly encoding?: 'utf16le' };
  /** There may be more than one good answer. */
  readonly expect: Expected | { readonly anyOf: readonly Expected[] };
}

/** What a run did otherwise. */
function mismatches({ exit, says = [], saysNot = [] }: Expected, { code, stdout, stderr }: Run): string[] {
  const isSaid = (pattern: string): boolean => new RegExp(pattern).test(stdout + stderr);
  return [
    ...([exit].flat().includes(code) ? [] : [`exits with ${code}`]),
    ...says.filter((pattern) => !isSaid(pattern)).map((pattern) => `does not say ${pattern}`),
    ...saysNot.filter(isSaid).map((pattern) => `says ${pattern}`),
  ];
}

describe('R-36: files as public reports have them', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ai-alloy-reported-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(reported as unknown as readonly ReportedFile[])('$id: $title', async (each) => {
    const { name, text, encoding = 'utf8' } = each.file;
    await writeFile(join(folder, name), text, encoding);
    const [command = '', ...rest] = each.cli;
    const run = await runCli([command, name, ...rest], {
      cwd: folder,
      ...(each.env && { environment: each.env }),
    });
    const answers = 'anyOf' in each.expect ? each.expect.anyOf : [each.expect];
    expect(answers.map((answer) => mismatches(answer, run))).toContainEqual([]);
  });
});
