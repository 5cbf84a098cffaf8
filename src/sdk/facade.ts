import type { SpecModel, SupportedUrls } from './model.ts';
import { nativeVersion } from './native.ts';

/** What a primitive declares about itself as a model, so that `ai` prepares calls that every member can take. */
export type Facade = Pick<
  SpecModel,
  | 'specificationVersion'
  | 'provider'
  | 'modelId'
  | 'supportedUrls'
  | 'defaultObjectGenerationMode'
  | 'supportsImageUrls'
  | 'supportsStructuredOutputs'
  | 'supportsUrl'
>;

/**
 * The properties of the model that a primitive is: it supports what all of its members support. `models` returns the
 * members' models known so far; string ids are resolved when `ai` asks for the supported URLs, not before. `isFixed` says
 * whether a model's supported URLs stay the same.
 */
export function createFacade({
  id,
  providers,
  models,
  isFixed,
}: {
  id: string;
  providers: readonly (string | undefined)[];
  models: () => readonly SpecModel[];
  isFixed: (model: SpecModel) => boolean;
}): Facade {
  const specificationVersion = nativeVersion();
  const common = { specificationVersion, provider: commonProvider(providers), modelId: id };
  if (specificationVersion === 'v1') return { ...common, ...v1Flags(models()) };
  let remembered: Promise<SupportedUrls> | undefined;
  const sharedUrls = (): Promise<SupportedUrls> => {
    if (remembered) return remembered;
    const known = models();
    const urls = intersection(known);
    // `ai` asks before every call. The result can be cached once every string id is resolved.
    if (known.length === providers.length && known.every(isFixed)) remembered = urls;
    return urls;
  };
  // Lazy, since `wrapLanguageModel` reads it at once and may never await it: an eager promise that rejects
  // would be an unhandled rejection.
  const supportedUrls: PromiseLike<SupportedUrls> = {
    then: (onFulfilled, onRejected) => sharedUrls().then(onFulfilled, onRejected),
  };
  return { ...common, supportedUrls };
}

/** ai 7 looks up provider file ids by the first segment of the provider name, so it is kept if all members share it. */
function commonProvider([first, ...others]: readonly (string | undefined)[]): string {
  const isShared = (name = ''): boolean =>
    name !== '' && others.every((other) => other === name || other?.startsWith(`${name}.`));
  return [first, first?.split('.')[0]].find(isShared) ?? 'ai-alloy';
}

/** URL patterns that every member has for a media type. `ai` downloads all other URLs. */
async function intersection(models: readonly SpecModel[]): Promise<SupportedUrls> {
  const [first = {}, ...others] = await Promise.all(
    models.map(async ({ supportedUrls }) => (await Promise.resolve(supportedUrls).catch(() => {})) ?? {}),
  );
  const shared: SupportedUrls = {};
  for (const [mediaType, patterns] of Object.entries(first)) {
    const kept = patterns.filter((pattern) =>
      others.every((urls) => urls[mediaType]?.some((other) => String(other) === String(pattern))),
    );
    if (kept.length > 0) shared[mediaType] = kept;
  }
  return shared;
}

/** ai 4 decides by these four, before the call, on the object mode and on what to download. */
function v1Flags(models: readonly SpecModel[]): Partial<Facade> {
  const [mode, ...modes] = models.map((model) => model.defaultObjectGenerationMode);
  return {
    defaultObjectGenerationMode: mode !== undefined && modes.every((other) => other === mode) ? mode : 'tool',
    supportsImageUrls: models.every((model) => model.supportsImageUrls !== false),
    supportsStructuredOutputs: models.every((model) => model.supportsStructuredOutputs === true),
    supportsUrl: (url) => models.every((model) => model.supportsUrl?.(url) ?? false),
  };
}
