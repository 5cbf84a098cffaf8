import Table from 'cli-table3';
import type { Candidate, Decision } from '../../decision.ts';
import type { GatewayConfig } from '../../gateway/index.ts';
import { clean } from '../../inspect/clean.ts';
import { nestedOf, titleOf, verdictOf } from '../../inspect/verdict.ts';
import { calledOf } from '../../inspect/called.ts';

const head = ['called', 'candidate', 'ceiling', 'demand', '= input', '+ output', 'counted by', 'verdict'];

/** The column with the longest texts, which are mostly the same. */
const countedBy = head.indexOf('counted by');

/**
 * A decision as a table with a line for each candidate; candidates of a nested primitive are indented below it.
 *
 * @param columns the width of the terminal: if it is too narrow, the estimators are listed below the table
 */
export function decisionTable(decision: Decision, config: GatewayConfig, columns = Infinity): string {
  const hasShares = allOf(decision).some(({ share }) => share !== undefined);
  const rows = [[...head, 'share'], ...rowsOf(decision, config, 0)].map((row) =>
    hasShares ? row : row.slice(0, head.length),
  );
  const whole = tableOf(rows, aligns);
  const title = clean(titleOf(decision, config));
  if (whole.indexOf('\n') <= columns) return `${title}\n${whole}`;
  const narrow = <Cell>(row: readonly Cell[]): Cell[] => row.toSpliced(countedBy, 1);
  return [title, tableOf(rows.map(narrow), narrow(aligns)), ...countsOf(rows.slice(1))].join('\n');
}

/** `Counted by guarded-char-ratio(3.5, 1.1), estimate: small, large` */
function countsOf(rows: readonly (readonly string[])[]): string[] {
  const counted = new Map<string, string[]>();
  for (const row of rows) {
    const by = row[countedBy]!;
    counted.set(by, [...(counted.get(by) ?? []), row[1]!.trim()]);
  }
  return [...counted].map(([by, ids]) => `Counted by ${by}: ${counted.size === 1 ? 'all' : ids.join(', ')}`);
}

const aligns = ['left', 'left', 'right', 'right', 'right', 'right', 'left', 'left', 'right'] as const;

function tableOf(
  [first = [], ...rows]: readonly string[][],
  colAligns: readonly ('left' | 'right')[],
): string {
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head: first, colAligns: [...colAligns], style });
  table.push(...rows);
  return table.toString();
}

const allOf = ({ candidates }: Decision): Candidate[] =>
  candidates.flatMap((candidate) => [candidate, ...(candidate.decision ? allOf(candidate.decision) : [])]);

function rowsOf(decision: Decision, config: GatewayConfig, depth: number, isCalled = true): string[][] {
  return decision.candidates.flatMap((candidate) => {
    // Nobody is called inside a primitive that isn't called itself.
    const called = isCalled ? calledOf(candidate, decision, config) : '';
    const inner = candidate.decision ? rowsOf(candidate.decision, config, depth + 1, called !== '') : [];
    return [rowOf(candidate, called, depth), ...inner];
  });
}

function rowOf(candidate: Candidate, called: string, depth: number): string[] {
  const { id, ceiling, demand, share, decision } = candidate;
  const least = demand.atLeast ? '≥ ' : '';
  const indent = '  '.repeat(depth);
  return [
    `${indent}${called}`,
    `${indent}${clean(id)}${decision ? clean(` (${nestedOf(decision)})`) : ''}`,
    [ceiling === null ? 'any size' : number(ceiling), ...limitsOf(candidate)].join('\n'),
    least + number(demand.input + demand.output),
    least + number(demand.input),
    number(demand.output) + (demand.outputFrom === 'provider' ? ' (provider)' : ''),
    `${demand.estimator}, ${demand.basis}`,
    verdictOf(candidate),
    share === undefined ? '' : `${(share * 100).toFixed(1)} %`,
  ];
}

function limitsOf({ maxInputTokens, maxOutputTokens }: Candidate): string[] {
  return [
    ...(maxInputTokens === undefined ? [] : [`input ${number(maxInputTokens)}`]),
    ...(maxOutputTokens === undefined ? [] : [`output ${number(maxOutputTokens)}`]),
  ];
}

const number = (tokens: number): string => tokens.toLocaleString('en-US');
