import type { StepBadge } from '../lib/badge.ts';
import type { ShownModel } from '../lib/gateway.ts';

interface Props {
  readonly steps: readonly StepBadge[];
  readonly models: readonly ShownModel[];
}

const tokens = (count: number): string => count.toLocaleString('en');
const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
const dollars = (cost: number): string => (cost === 0 ? 'free' : `$${cost.toFixed(cost < 0.01 ? 5 : 3)}`);

/** Who answered, whom that passed over and why, what it took and cost. */
export function Badge({ steps, models }: Props) {
  const nameOf = (id: string): string => models.find((each) => each.id === id)?.name ?? id;
  const last = steps.at(-1)!;
  // The steps of a tool loop stay on the model of the first, so only the first says why.
  const { because } = steps.find(({ answeredBy }) => answeredBy === last.answeredBy)!;
  const passed = [...new Set(steps.flatMap(({ passedOver }) => passedOver.map(({ id }) => nameOf(id))))];
  const input = sum(steps.map(({ inputTokens }) => inputTokens));
  const output = sum(steps.map(({ outputTokens }) => outputTokens));
  const cost = sum(steps.map((step) => step.cost ?? 0));
  return (
    <details
      className="badge"
      onToggle={({ currentTarget }) => currentTarget.scrollIntoView({ block: 'nearest' })}
    >
      <summary>
        <span className={`chip ${last.answeredBy.replace('/', '-')}`} aria-hidden="true" />
        <b>{nameOf(last.answeredBy)}</b>
        <span>{because}</span>
        {passed.length > 0 && <span className="passed">passed over {passed.join(', ')}</span>}
        <span className="numbers">
          {tokens(input + output)} tokens · {dollars(cost)}
        </span>
      </summary>
      <ol>
        {steps.map(
          ({ answeredBy, because: why, passedOver, inputTokens, outputTokens, cost: own, ms }, index) => (
            <li key={index}>
              {passedOver.map(({ id, why: reason }, place) => (
                <p key={place} className="over">
                  <span aria-hidden="true">✕</span> {nameOf(id)} <span>{reason}</span>
                </p>
              ))}
              <p>
                <span aria-hidden="true">✓</span> {nameOf(answeredBy)}{' '}
                <span>
                  {why}; {tokens(inputTokens)} tokens in, {tokens(outputTokens)} out, {dollars(own ?? 0)},{' '}
                  {tokens(ms)} ms
                </span>
              </p>
            </li>
          ),
        )}
      </ol>
    </details>
  );
}
