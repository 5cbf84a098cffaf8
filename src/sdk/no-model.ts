import { Found, foundInstead } from '../errors/errors.ts';

/** What a value is that was passed in the place of a language model, and what to do about it. */
export interface NoModel {
  readonly found: Found;
  readonly remedy: string;
}

const example = "pass a model, such as openai('gpt-5'), or a string id";

/** Why a value is no language model; undefined if it is one. */
export function whyNoModel(value: unknown): NoModel | undefined {
  const has = (name: string): boolean =>
    typeof (Object(value) as Record<string, unknown>)[name] === 'function';
  if (has('doGenerate') && has('doStream')) return undefined;
  return knownNoModel(value) ?? { found: foundInstead(value), remedy: example };
}

/** Values that are often passed by mistake: other kinds of models, promises, providers. Undefined for all others. */
export function knownNoModel(value: unknown): NoModel | undefined {
  const names = Object(value) as Record<string, unknown>;
  const has = (name: string): boolean => typeof names[name] === 'function';
  const other = (found: string): NoModel => ({
    found: new Found(found),
    remedy: "pass a language model, such as openai('gpt-5')",
  });
  if (has('then')) return { found: new Found('a promise'), remedy: 'await it, and pass the model' };
  if (has('doEmbed')) return other('an embedding model');
  if (has('doRerank')) return other('a reranking model');
  if (has('doGenerate') && !has('doStream')) {
    if ('maxImagesPerCall' in names) return other('an image model');
    return other(
      'maxVideosPerCall' in names ? 'a video model' : 'a model that is no language model: it has no doStream',
    );
  }
  if (has('doGenerate')) return undefined;
  if (has('languageModel')) {
    const remedy =
      typeof value === 'function'
        ? "call it with a model id: openai('gpt-5')"
        : "call it with a model id: provider.languageModel('…')";
    return { found: new Found('a provider'), remedy };
  }
  if (typeof value !== 'function') return undefined;
  return {
    found: new Found('a function'),
    remedy: "pass a model: call the function, a provider with a model id, such as openai('gpt-5')",
  };
}
