import { InvalidConfigurationError } from '../errors/errors.ts';
import { model as modelOptions } from '../options/member.ts';
import type { TokenEstimator } from '../tokens/estimator.ts';
import { messageOf } from './build-problem.ts';
import type { CountingConfig, ModelOptionsConfig } from './config.ts';
import type { Declarations } from './entities.ts';
import { estimators, type Counters } from './estimators.ts';
import type { GatewayProblem, Path } from './problem.ts';

/** A level of the configuration that sets how to count, and its path. */
export interface Level {
  readonly config: CountingConfig | undefined;
  readonly path: Path;
}

/** Finds estimators by levels. A level whose estimator can't be created is reported once and left out. */
export interface Levels {
  /** The estimator of a primitive: by the global levels, then its own. */
  ofPrimitive(primitive: Level): TokenEstimator;
  /** The estimator of a model in a primitive: by the global levels, the primitive, the model's declaration and its entry. */
  ofModel(model: string, levels: readonly Level[]): TokenEstimator;
}

export function createLevels(
  { tokenizer, tokenizerAlias, modelDefaults }: Declarations,
  counters: Counters,
  report: (problem: GatewayProblem) => void,
): Levels {
  const estimatorOf = estimators(counters);
  const sound = new Map<CountingConfig, boolean>();
  const soundOf = ({ config, path }: Level): CountingConfig | undefined => {
    if (config === undefined) return undefined;
    const known = sound.get(config);
    if (known !== undefined) return known ? config : undefined;
    let problem: GatewayProblem | undefined;
    try {
      estimatorOf([config]);
    } catch (error) {
      problem = { path: placeOf(error, config, path), message: messageOf(error) };
      report(problem);
    }
    sound.set(config, problem === undefined);
    return problem ? undefined : config;
  };
  const own = tokenizer && { tokenizer };
  const global = [
    { config: own, path: tokenizerAlias ?? [] },
    { config: modelDefaults, path: ['modelDefaults'] },
  ];
  const resolve = (levels: readonly Level[], model?: string): TokenEstimator =>
    estimatorOf([...global, ...levels].map(soundOf), model, global.length + 1);
  return {
    ofPrimitive: (primitive) => resolve([primitive]),
    ofModel: (model, levels) => resolve(levels, model),
  };
}

/** The path of the setting that an error is about. */
function placeOf(error: unknown, { tokenizer }: CountingConfig, path: Path): Path {
  if (path[0] === 'proxy') return path;
  const option = InvalidConfigurationError.isInstance(error) ? String(error.path.at(-1)) : '';
  const key = option === 'tokenizer' ? 'path' : option;
  if (!tokenizer) return path;
  return key in tokenizer ? [...path, 'tokenizer', key] : [...path, 'tokenizer'];
}

type ModelOption = Exclude<keyof ModelOptionsConfig, keyof CountingConfig>;

/** The options that a member takes from its model's declaration, unless its entry sets them. */
export const modelOptionNames = Object.keys(modelOptions).filter(
  (name) => name !== 'estimator' && name !== 'mediaTokens',
) as ModelOption[];
