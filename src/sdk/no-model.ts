import { Found, foundInstead } from '../errors/errors.ts';

/** What was passed in the place of a language model, and what to do about it. */
export interface NoModel {
  readonly found: Found;
  readonly remedy: string;
}

/** Why a value is no language model; undefined if it is one. */
export function whyNoModel(value: unknown): NoModel | undefined {
  const known = knownNoModel(value);
  if (known || typeof (Object(value) as Record<string, unknown>)['doGenerate'] === 'function') return known;
  return { found: foundInstead(value), remedy: "pass a model, such as openai('gpt-5'), or a string id" };
}

/** Values that are often passed by mistake: other kinds of models, promises, providers. Undefined for all others. */
export function knownNoModel(value: unknown): NoModel | undefined {
  const fields = Object(value) as Record<string, unknown>;
  const has = (name: string): boolean => typeof fields[name] === 'function';
  const no = (found: string, remedy = "pass a language model, such as openai('gpt-5')"): NoModel => {
    return { found: new Found(found), remedy };
  };
  if (has('then')) return no('a promise', 'await it, and pass the model');
  if (has('doEmbed')) return no('an embedding model');
  if (has('doRerank')) return no('a reranking model');
  if ('maxImagesPerCall' in fields) return no('an image model');
  if ('maxVideosPerCall' in fields) return no('a video model');
  if (has('doGenerate')) {
    // Some transcription models stream. They have all the methods of a language model, but no supportedUrls.
    const isOther =
      !has('doStream') || (!('supportedUrls' in fields) && /Transcription/.test(fields.constructor.name));
    return isOther ? no('a model of another type, such as speech or transcription') : undefined;
  }
  if (has('languageModel'))
    return no('a provider', "pass a model of it, openai('gpt-5') or gateway.languageModel('id')");
  if (typeof value !== 'function') return undefined;
  return no('a function', "pass a model: call it, a provider with a model id, such as openai('gpt-5')");
}
