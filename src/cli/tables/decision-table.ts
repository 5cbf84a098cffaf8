import Table from 'cli-table3';
import type { Candidate, Decision } from '../../decision.ts';
import { ruleOf } from '../destination.ts';

const head = ['#', 'candidate', 'ceiling', 'demand', '= input', '+ output', 'counted by', 'verdict'];

/** A decision as a table: a line for each candidate, those of nested primitives indented below theirs. */
export function decisionTable(decision: Decision, isModel = false): string {
  const hasShares = allOf(decision).some(({ share }) => share !== undefined);
  const table = new Table({
    head: hasShares ? [...head, 'share'] : head,
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'left', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rowsOf(decision, 0)) table.push(hasShares ? row : row.slice(0, head.length));
  const title = isModel ? `model "${clean(decision.id)}"` : titleOf(decision);
  return `${title}\n${table.toString()}`;
}

/** `dispatcher "smart": first-fit` */
function titleOf(decision: Decision): string {
  const { kind, id, reason, rule, omitted } = decision;
  const by = rule === undefined ? reason : `rule ${ruleOf(decision)}`;
  const less = omitted ? ` (left out: ${omitted.candidates} candidates)` : '';
  return `${kind} "${clean(id)}": ${by}${less}`;
}

const allOf = ({ candidates }: Decision): Candidate[] =>
  candidates.flatMap((candidate) => [candidate, ...(candidate.decision ? allOf(candidate.decision) : [])]);

function rowsOf(decision: Decision, depth: number): string[][] {
  return decision.candidates.flatMap((candidate) => [
    rowOf(candidate, decision, depth),
    ...(candidate.decision ? rowsOf(candidate.decision, depth + 1) : []),
  ]);
}

function rowOf(candidate: Candidate, { order = [] }: Decision, depth: number): string[] {
  const { id, ceiling, demand, share, decision } = candidate;
  const place = order.indexOf(id) + 1;
  const least = demand.atLeast ? '≥ ' : '';
  const kind = decision ? ` (${decision.kind})` : '';
  return [
    place > 0 ? String(place) : '',
    `${'  '.repeat(depth)}${clean(id)}${kind}`,
    [ceiling === null ? 'any size' : number(ceiling), ...limitsOf(candidate)].join('\n'),
    least + number(demand.input + demand.output),
    least + number(demand.input),
    number(demand.output),
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

function verdictOf({ fits, catchAll, skipped, demand, ceiling }: Candidate): string {
  if (fits) return ['fits', ...(catchAll ? ['catch-all: last'] : [])].join(', ');
  if (demand.output >= (ceiling ?? Infinity)) return 'too large: the output alone is';
  return (skipped ?? 'too-large').replace('-', ' ');
}

const number = (tokens: number): string => tokens.toLocaleString('en-US');

/** Ids are a file's own text: no control characters for a terminal. */
const clean = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
