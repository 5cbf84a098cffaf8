import type { ShownModel } from '../lib/gateway.ts';
import type { Forecast } from './api/explain/route.ts';

interface Props {
  readonly models: readonly ShownModel[];
  readonly forecast: Forecast | undefined;
  readonly hasDraft: boolean;
  /** Models that are down: another stands in for them. */
  readonly down: readonly string[];
}

const tokens = (count: number): string => count.toLocaleString('en');

/** How much of the models' context windows the conversation needs: a segment for each model, in the order of size. */
export function Meter({ models, forecast, hasDraft, down }: Props) {
  const sized = models.filter(({ isTarget }) => isTarget).toSorted((a, b) => a.window - b.window);
  const largest = sized.at(-1)?.window ?? 1;
  const needs = forecast?.needs ?? 0;
  const isTooLarge = needs > largest;
  const first = models.find(({ id }) => id === forecast?.first);
  const said = isTooLarge
    ? `too large by ${tokens(needs - largest)} tokens`
    : needs === 0
      ? 'empty'
      : `${tokens(needs)} tokens, goes to ${first?.name ?? 'nobody'}`;
  return (
    <section className="card" aria-labelledby="context">
      <h2 id="context">Context</h2>
      <div
        className={isTooLarge ? 'meter full' : 'meter'}
        role="meter"
        aria-labelledby="context"
        aria-valuemin={0}
        aria-valuemax={largest}
        aria-valuenow={Math.min(needs, largest)}
        aria-valuetext={said}
      >
        {sized.map(({ id, name, window }, index) => {
          const from = sized[index - 1]?.window ?? 0;
          const share = Math.max(0, Math.min(1, (needs - from) / (window - from)));
          return (
            <div key={id} className="segment">
              <div className="track">
                <div className="fill" style={{ inlineSize: `${share * 100}%` }} />
              </div>
              <span className="label" aria-hidden="true">
                {name} <b>{window / 1024}K</b>
              </span>
            </div>
          );
        })}
      </div>
      <p className={isTooLarge ? 'said bad' : 'said'}>
        {needs === 0 ? (
          'Nothing yet.'
        ) : (
          <>
            <b>{tokens(needs)}</b> tokens{hasDraft ? ' with this message' : ''}, answer included.{' '}
            {isTooLarge
              ? `No model holds that: ${tokens(needs - largest)} too many.`
              : `Next: ${first?.name}${down.includes(first?.id ?? '') ? ', which is down' : ''}.`}
          </>
        )}
      </p>
    </section>
  );
}
