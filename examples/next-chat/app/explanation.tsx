import type { ShownModel } from '../lib/gateway.ts';
import type { Refusal } from '../lib/refusal-text.ts';

interface Props {
  readonly refusal: Refusal;
  readonly models: readonly ShownModel[];
  readonly takeBack: (change: (text: string) => string) => void;
  readonly retry: () => void;
}

const number = (count: number): string => Math.round(count).toLocaleString('en');

/** Why there is no answer, and what to do about it. */
export function Explanation({ refusal, models, takeBack, retry }: Props) {
  const nameOf = (id: string): string => models.find((each) => each.id === id)?.name ?? id;
  if (refusal.kind === 'too-large') {
    const { needs, holds, largest } = refusal;
    // A little less than the share that fits, since the rest of the conversation stays.
    const share = Math.max(0, (holds / needs) * 0.95);
    return (
      <div className="refusal" role="alert">
        <h2>Too large for every model</h2>
        <p>
          This needs about <b>{number(needs)} tokens</b>. {nameOf(largest)}, the largest, holds{' '}
          {number(holds)}, so nothing was sent. About {`${number((1 - share) * 100)}%`} of it has to go; often
          the part that your question is about is enough.
        </p>
        <div className="actions">
          <button
            type="button"
            onClick={() => takeBack((text) => text.slice(0, Math.floor(text.length * share)))}
          >
            Keep the beginning that fits
          </button>
          <button type="button" className="quiet" onClick={() => takeBack((text) => text)}>
            Edit it
          </button>
          <button type="button" className="quiet" onClick={() => takeBack(() => '')}>
            Remove it
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="refusal" role="alert">
      <h2>No answer</h2>
      {refusal.kind === 'all-failed' ? (
        <>
          <p>Every model that the conversation fits has failed:</p>
          <ul>
            {refusal.failed.map(({ id, why }, index) => (
              <li key={index}>
                <b>{nameOf(id)}</b> {why}
              </li>
            ))}
          </ul>
          <p>Switch one of them on, and try again.</p>
        </>
      ) : (
        <p>{refusal.message}</p>
      )}
      <div className="actions">
        <button type="button" onClick={retry}>
          Try again
        </button>
        <button type="button" className="quiet" onClick={() => takeBack((text) => text)}>
          Edit it
        </button>
      </div>
    </div>
  );
}
