import type { ShownModel } from '../lib/gateway.ts';

interface Props {
  readonly models: readonly ShownModel[];
  readonly down: readonly string[];
  readonly setDown: (down: readonly string[]) => void;
  readonly lastUsed: string | undefined;
  readonly next: string | undefined;
}

/** The models, each with a switch that takes it down. */
export function Models({ models, down, setDown, lastUsed, next }: Props) {
  return (
    <section className="card" aria-labelledby="models">
      <h2 id="models">Models</h2>
      <ul className="models">
        {models.map(({ id, name, window, price, isTarget }) => {
          const isUp = !down.includes(id);
          return (
            <li key={id} data-model={id} className={id === next ? 'next' : undefined}>
              <span className={`chip ${id.replace('/', '-')}`} aria-hidden="true" />
              <span className="about">
                <b>{name}</b>
                {id === lastUsed && <span className="tag">answered last</span>}
                <small>
                  {window / 1024}K {isTarget ? 'tokens' : 'for images'} · {price}
                </small>
              </span>
              <button
                type="button"
                role="switch"
                className="switch"
                aria-checked={isUp}
                aria-label={`${name} is up`}
                onClick={() => setDown(isUp ? [...down, id] : down.filter((each) => each !== id))}
              >
                <span aria-hidden="true" />
              </button>
            </li>
          );
        })}
      </ul>
      <p className="said">
        Prices are for a million tokens, in and out. Switch a model off, and every request to it fails with a
        503.
      </p>
    </section>
  );
}
