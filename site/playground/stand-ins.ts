import { APICallError } from 'ai';
import type { ModelReference } from '../../src/sdk/model.ts';
import { healthOf } from '../../src/stores/health.ts';
import type { ModelState } from './model-state.ts';

const failures: Partial<Record<ModelState, { readonly statusCode: number; readonly message: string }>> = {
  down: { statusCode: 503, message: 'Service unavailable' },
  'rate-limited': { statusCode: 429, message: 'Rate limit reached' },
  'wrong-key': { statusCode: 401, message: 'Incorrect API key provided' },
};

/** Longer than any visit of a page, and short enough for a timer. */
const cooldownMs = 24 * 60 * 60 * 1000;

/** Models that stand in for those of providers, by the ids that a gateway asks for. They answer or fail at once. */
export class StandIns {
  readonly #states: ReadonlyMap<string, ModelState>;
  readonly #models = new Map<string, object>();

  constructor(states: Readonly<Record<string, ModelState>>) {
    this.#states = new Map(Object.entries(states));
  }

  /** All ids that were asked for. */
  get ids(): readonly string[] {
    return [...this.#models.keys()];
  }

  /** The ids of the models that fail. */
  get failing(): readonly string[] {
    return this.ids.filter((id) => failures[this.stateOf(id)]);
  }

  /** The model object of an id. */
  objectOf(id: string): object | undefined {
    return this.#models.get(id);
  }

  stateOf(id: string): ModelState {
    return this.#states.get(id) ?? 'up';
  }

  /** The `providers` of a gateway. */
  readonly provide = (id: string): ModelReference => {
    const [prefix = '', ...rest] = id.split('/');
    const answer = async (): Promise<unknown> => {
      const failure = failures[this.stateOf(id)];
      if (failure)
        throw new APICallError({ ...failure, url: 'https://example.invalid', requestBodyValues: {} });
      return answered;
    };
    const model = {
      specificationVersion: 'v4',
      provider: rest.length > 0 ? prefix : 'unknown',
      modelId: rest.length > 0 ? rest.join('/') : id,
      supportedUrls: {},
      doGenerate: answer,
      doStream: answer,
    } as unknown as ModelReference;
    this.#models.set(id, model as object);
    // As if it had failed too often before.
    if (this.stateOf(id) === 'on-cooldown') healthOf(model as object).until = performance.now() + cooldownMs;
    return model;
  };
}

/** An empty JSON object, which calls that ask for JSON accept too. Without usage: a real model would count the tokens. */
const answered = {
  content: [{ type: 'text', text: '{}' }],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: { inputTokens: {}, outputTokens: {} },
  warnings: [],
};
