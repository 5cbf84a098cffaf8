import { beforeAll, describe, expect, test } from 'vitest';
import { installations, type Installation } from '../installations.ts';
import type { Mode } from '../run.ts';
import { mismatches } from './mismatches.ts';
import { reportsIn, type Report } from './report.ts';
import { runReport, type Seen } from './report-run.ts';
import { reportServer } from './report-server.ts';

// Comments and pings that provider packages drop can't restart `idleMs`: docs/timeouts-retries-cooldown.md says what to
// do about them. Nor can another account's thinking blocks be signed again: docs/questions.md.
const documentedOnly = new Set(['S03b', 'S04a', 'T03a']);

const groups = ['streams', 'overflow', 'network', 'guards', 'quota', 'tools', 'tokens'];
const reports = groups.flatMap(reportsIn).filter(({ id }) => !documentedOnly.has(id));
const stageOf = await reportServer();
const generations = await installations();

interface Run {
  readonly installation: Installation;
  readonly report: Report;
  readonly mode: Mode;
}

const runs: Run[] = generations.flatMap((installation) =>
  reports.flatMap((report) =>
    report.modes
      .filter((mode) => (report.majors?.[mode] ?? [4, 5, 6, 7]).includes(installation.major))
      .map((mode) => ({ installation, report, mode })),
  ),
);
const seen = new Map<Run, Seen>();

/** Most reports wait for something: many at once take little longer than one. */
async function runAll(): Promise<void> {
  const queue = [...runs];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { installation, report, mode } = next;
      seen.set(next, await runReport(installation, mode, report, stageOf));
    }
  };
  await Promise.all(Array.from({ length: 24 }, work));
}

beforeAll(runAll, 240_000);

describe.each(generations)('ai $major', (installation) => {
  for (const run of runs.filter((each) => each.installation === installation)) {
    const { report, mode } = run;
    test(`R-22, R-24: ${report.id}: ${report.title} (${mode})`, () => {
      const { expect: expected, kindUnseenBy = [] } = report;
      const { kind: _, ...outcome } = expected;
      const isUnseen = kindUnseenBy.includes(installation.major);
      const found = mismatches(isUnseen ? outcome : expected, seen.get(run)!);
      expect(found.join('\n')).toBe('');
    });
  }
});
