import type { Decision } from 'ai-alloy';

const number = (tokens: number | null): string => tokens?.toLocaleString('en') ?? 'any size';

/** `756 input + 512 output = 1,268 tokens`: what the request needs of the member that answered, else of the first one. */
export function demandOf({ candidates, answeredBy }: Decision): string {
  const { demand } = candidates.find(({ id }) => id === answeredBy) ?? candidates[0]!;
  const { input, output } = demand;
  return `${number(input)} input + ${number(output)} output = ${number(input + output)} tokens`;
}

/** What happened to a request, one line for each member that was skipped or tried, in that order. */
export function linesOf({ candidates, attempts = [] }: Decision, path = ''): string[] {
  const line = (mark: string, id: string, what: string): string =>
    `${mark} ${(path + id).padEnd(20)} ${what}`;
  const skipped = candidates
    .filter((candidate) => candidate.skipped === 'too-large')
    .map(({ id, demand, ceiling, learnedCeiling }) => {
      const known = learnedCeiling ? ', as its provider said' : '';
      const needs = number(demand.input + demand.output);
      return line('-', id, `skipped: too large, ${needs} > ${number(ceiling)}${known}`);
    });
  const onCooldown = candidates
    .filter((candidate) => candidate.skipped === 'resting')
    .map(({ id }) => line('-', id, 'on cooldown, so it goes last'));
  const tried = attempts.flatMap(({ id, outcome, failure, statusCode, deadline, durationMs, decision }) => {
    // A nested primitive: its own decision has the details.
    if (decision) return linesOf(decision, `${path}${id} › `);
    const status = deadline ? ` (${deadline})` : statusCode ? ` (HTTP ${statusCode})` : '';
    if (outcome === 'answered') return [line('✓', id, `answered in ${durationMs} ms`)];
    const rejected = failure === 'overflow' ? ': too long, says its provider' : '';
    return [line('✗', id, `${outcome}: ${failure}${status}${rejected}`)];
  });
  return [...skipped, ...onCooldown, ...tried];
}
