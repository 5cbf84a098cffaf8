import type { ModelReference } from '../spec/model.ts';
import { nativeVersion } from '../spec/native.ts';

/** A model of that id that never answers: a dry run asks none. */
export function standIn(id: string): ModelReference {
  const [provider = '', ...rest] = id.split('/');
  const never = async (): Promise<never> => {
    throw new Error('the command line calls no model');
  };
  const model: object = {
    specificationVersion: nativeVersion(),
    provider: rest.length > 0 ? provider : 'unknown',
    modelId: rest.length > 0 ? rest.join('/') : id,
    supportedUrls: {},
    doGenerate: never,
    doStream: never,
  };
  return model as ModelReference;
}
