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

/** What `ai` may put into a call, by which it asks what a model takes. */
type Carried = 'images' | 'files' | 'json';

/** A member's model, and what never reaches it. */
export interface Accepting {
  readonly model: SpecModel;
  /** Whether what it accepts stays the same. */
  readonly isFixed: boolean;
  /** Whether calls that carry this pass it over, so that it has no say in how `ai` prepares that. */
  lacks(carried: Carried): boolean;
}

/**
 * The properties of the model that a primitive is: it accepts what all of its members accept. `accepting` returns the
 * members known so far; string ids are resolved when `ai` asks for the supported URLs, not before.
 */
export function createFacade({
  id,
  providers,
  accepting,
}: {
  id: string;
  providers: readonly (string | undefined)[];
  accepting: () => readonly Accepting[];
}): Facade {
  const specificationVersion = nativeVersion();
  const common = { specificationVersion, provider: commonProvider(providers), modelId: id };
  if (specificationVersion === 'v1') return { ...common, ...v1Flags(accepting) };
  let remembered: Promise<SupportedUrls> | undefined;
  const sharedUrls = (): Promise<SupportedUrls> => {
    if (remembered) return remembered;
    const known = accepting();
    const urls = intersection(known);
    // `ai` asks before every call. The result can be cached once every string id is resolved.
    if (known.length === providers.length && known.every(({ isFixed }) => isFixed)) remembered = urls;
    return urls;
  };
  return { ...common, supportedUrls: urlsWhenAsked(sharedUrls) };
}

/**
 * Reads the supported URLs each time that they are awaited. `wrapLanguageModel` takes the property once, and keeps it; it
 * may never await it, so that an eager promise that rejects would be an unhandled rejection.
 */
export const urlsWhenAsked = (
  read: () => SupportedUrls | PromiseLike<SupportedUrls>,
): PromiseLike<SupportedUrls> => ({
  then: (onFulfilled, onRejected) => Promise.resolve(read()).then(onFulfilled, onRejected),
});

/** ai 7 looks up provider file ids by the first segment of the provider name, so it is kept if all members share it. */
function commonProvider([first, ...others]: readonly (string | undefined)[]): string {
  const isShared = (name = ''): boolean =>
    name !== '' && others.every((other) => other === name || other?.startsWith(`${name}.`));
  return [first, first?.split('.')[0]].find(isShared) ?? 'ai-alloy';
}

/** The members that calls which carry this may reach; if they reach none, all members. */
function takersOf<Each extends Pick<Accepting, 'lacks'>>(
  all: readonly Each[],
  carried: readonly Carried[],
): readonly Each[] {
  const takers = all.filter(({ lacks }) => !carried.every(lacks));
  return takers.length > 0 ? takers : all;
}

/** What a call carries that has a file of a media type, or of a range of them such as `image/*`. */
function carriedAs(mediaType: string): readonly Carried[] {
  if (mediaType.startsWith('*')) return ['images', 'files'];
  return /^image\b/i.test(mediaType) ? ['images'] : ['files'];
}

/** URL patterns that every member has for a media type. `ai` downloads all other URLs. */
async function intersection(accepting: readonly Accepting[]): Promise<SupportedUrls> {
  const all = await Promise.all(
    accepting.map(async ({ model: { supportedUrls }, lacks }) => {
      return { lacks, urls: (await Promise.resolve(supportedUrls).catch(() => {})) ?? {} };
    }),
  );
  const shared: SupportedUrls = {};
  for (const mediaType of new Set(all.flatMap(({ urls }) => Object.keys(urls)))) {
    const takers = takersOf(all, carriedAs(mediaType));
    const [first = [], ...others] = takers.map(({ urls }) => urls[mediaType] ?? []);
    const kept = first.filter((pattern) =>
      others.every((patterns) => patterns.some((other) => String(other) === String(pattern))),
    );
    if (kept.length > 0) shared[mediaType] = kept;
  }
  return shared;
}

/** ai 4 decides by these four, before the call, on the object mode and on what to download. */
function v1Flags(accepting: () => readonly Accepting[]): Partial<Facade> {
  const takers = (...carried: Carried[]): readonly SpecModel[] =>
    takersOf(accepting(), carried).map(({ model }) => model);
  const [mode, ...modes] = takers('json').map((model) => model.defaultObjectGenerationMode);
  return {
    defaultObjectGenerationMode: mode !== undefined && modes.every((other) => other === mode) ? mode : 'tool',
    supportsImageUrls: takers('images').every((model) => model.supportsImageUrls !== false),
    supportsStructuredOutputs: takers('json').every((model) => model.supportsStructuredOutputs === true),
    // Asked about images and other files alike.
    supportsUrl: (url) => takers('images', 'files').every((model) => model.supportsUrl?.(url) ?? false),
  };
}
