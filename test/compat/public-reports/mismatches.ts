import type { Expected } from './report.ts';
import type { Seen } from './report-run.ts';

/** How what was seen differs from what a report expects, a line each; of several allowed outcomes, from the first. */
export function mismatches({ anyOf, ...expected }: Expected, seen: Seen): readonly string[] {
  const all = (anyOf ?? [{}]).map((each) => mismatchesWith({ ...expected, ...each }, seen));
  return all.find((lines) => lines.length === 0) ?? all[0]!;
}

function mismatchesWith(expected: Expected, seen: Seen): readonly string[] {
  const { text, finishReason, errors, failures, warnings, asked, decisions, toolRuns, learned } = seen;
  const lines: string[] = [];
  const expectThat = (isSo: boolean, what: string, found: unknown): void => {
    if (!isSo) lines.push(`${what}, but found ${typeof found === 'string' ? found : JSON.stringify(found)}`);
  };
  const { outcome, mayError = false } = expected;
  const said = failures.map(({ kind, error }) => `${kind}: ${String(error)}`.slice(0, 300));
  if (outcome === 'error') {
    expectThat(errors.length > 0 && text === '', 'an error and no text', { said, text });
  } else if (outcome === 'half-then-error') {
    expectThat(
      text !== '' && errors.length > 0 && finishReason === 'error',
      'half an answer, then an error',
      {
        text,
        said,
        finishReason,
      },
    );
  } else if (outcome !== undefined) {
    const { answeredBy, attempts } = decisions.at(-1) ?? {};
    expectThat(answeredBy === outcome, `${outcome} answers`, { answeredBy, said, attempts });
    if (!mayError) expectThat(errors.length === 0, 'no error', said);
    if (outcome !== 'A') expectThat(text === `${outcome} here`, `the text of ${outcome}`, text);
  }
  if (expected.text !== undefined) expectThat(text === expected.text, `the text "${expected.text}"`, text);
  if (expected.finish)
    expectThat(finishReason === expected.finish, `finish reason ${expected.finish}`, finishReason);

  const kinds = kindsOf(seen);
  const { kind, notKind } = expected;
  if (kind)
    expectThat(
      kinds.every((each) => [kind].flat().includes(each as never)) && kinds.length > 0,
      `kind ${kind}`,
      kinds,
    );
  if (notKind) expectThat(!kinds.includes(notKind as never), `not the kind ${notKind}`, kinds);
  const requests = asked.filter((id) => id === 'A').length;
  if (expected.asked !== undefined)
    expectThat(requests === expected.asked, `A asked ${expected.asked} times`, asked);
  for (const id of expected.neverAsked ?? []) expectThat(!asked.includes(id), `${id} never asked`, asked);
  if (expected.toolRuns !== undefined) expectThat(toolRuns === expected.toolRuns, 'tool runs', toolRuns);
  if (expected.learned !== undefined)
    expectThat(learned === expected.learned, `learned ${expected.learned}`, learned);
  if (expected.retryAfterMs) {
    const [least, most] = expected.retryAfterMs;
    const { retryAfterMs = -1 } = failures[0] ?? {};
    expectThat(
      retryAfterMs >= least && retryAfterMs <= most,
      `a wait of ${least} to ${most} ms`,
      retryAfterMs,
    );
  }
  const [error] = errors as readonly [Error?];
  if (expected.errorName)
    expectThat(error?.name === `AI_${expected.errorName}`, expected.errorName, error?.name);
  if (expected.errorMentions)
    expectThat(new RegExp(expected.errorMentions).test(`${error?.message}`), expected.errorMentions, said);
  if (expected.warns !== undefined) {
    const hasWarned = warnings.some((message) => message.includes('was cut off'));
    expectThat(hasWarned === expected.warns, expected.warns ? 'a warning' : 'no warning', warnings);
  }
  if (expected.second) {
    const demand = decisions[1]?.candidates[0]?.demand;
    expectThat(
      Number(demand?.input) >= expected.second.least,
      `${expected.second.least} tokens or more`,
      demand,
    );
  }
  return lines;
}

/** What A's first failure is called: in the decision, and by `failureOf` where the caller got it. */
function kindsOf({ decisions, failures }: Seen): readonly string[] {
  const attempt = decisions[0]?.attempts?.find(({ id, failure }) => id === 'A' && failure !== undefined);
  if (attempt) return [attempt.failure!];
  return failures.slice(0, 1).map(({ kind }) => kind);
}
