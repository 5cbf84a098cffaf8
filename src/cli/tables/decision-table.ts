import Table from 'cli-table3';
import type { Candidate, Decision } from '../../decision.ts';
import type { GatewayConfig } from '../../gateway/index.ts';
import { isModel } from '../declared.ts';
import { isUnserved } from '../refusal.ts';
import { calledOf } from './called.ts';

const head = ['called', 'candidate', 'ceiling', 'demand', '= input', '+ output', 'counted by', 'verdict'];

/** A decision as a table: a line for each candidate, those of nested primitives indented below theirs. */
export function decisionTable(decision: Decision, config: GatewayConfig): string {
  const hasShares = allOf(decision).some(({ share }) => share !== undefined);
  const table = new Table({
    head: hasShares ? [...head, 'share'] : head,
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rowsOf(decision, config, 0)) table.push(hasShares ? row : row.slice(0, head.length));
  return `${titleOf(decision, config)}\n${table.toString()}`;
}

/** `dispatcher "smart": first-fit` */
function titleOf(decision: Decision, config: GatewayConfig): string {
  const { kind, id } = decision;
  if (isModel(config, decision)) return `model "${clean(id)}"`;
  return `${kind} "${clean(id)}": ${clean(howOf(decision))}`;
}

const howOf = ({ reason, rule }: Decision): string => (rule === undefined ? reason : `rule ${rule}`);

const allOf = ({ candidates }: Decision): Candidate[] =>
  candidates.flatMap((candidate) => [candidate, ...(candidate.decision ? allOf(candidate.decision) : [])]);

function rowsOf(decision: Decision, config: GatewayConfig, depth: number, isCalled = true): string[][] {
  return decision.candidates.flatMap((candidate) => {
    // In what isn't called, nobody is.
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
    number(demand.output),
    `${demand.estimator}, ${demand.basis}`,
    verdictOf(candidate),
    share === undefined ? '' : `${(share * 100).toFixed(1)} %`,
  ];
}

/** `dispatcher`, or, where a rule chose in it, `dispatcher: rule night` */
const nestedOf = ({ kind, rule }: Decision): string => (rule === undefined ? kind : `${kind}: rule ${rule}`);

function limitsOf({ maxInputTokens, maxOutputTokens }: Candidate): string[] {
  return [
    ...(maxInputTokens === undefined ? [] : [`input ${number(maxInputTokens)}`]),
    ...(maxOutputTokens === undefined ? [] : [`output ${number(maxOutputTokens)}`]),
  ];
}

function verdictOf({ fits, catchAll, skipped, demand, ceiling, decision }: Candidate): string {
  if (skipped === 'not-chosen') return 'only by its rule';
  if (fits) return ['fits', ...(catchAll ? ['catch-all: last'] : [])].join(', ');
  if (decision && isUnserved(decision)) return 'no rule matches';
  if (demand.output >= (ceiling ?? Infinity)) return 'too large: the output alone is';
  return (skipped ?? 'too-large').replace('-', ' ');
}

const number = (tokens: number): string => tokens.toLocaleString('en-US');

/** Ids are a file's own text: no control characters for a terminal. */
export const clean = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
