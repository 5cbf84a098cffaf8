import * as ai from 'ai';
import type { AskSdk } from './ask-sdk.ts';
import { sourceFor, type GatewayProviders } from './providers.ts';

type Provider = ReturnType<typeof ai.customProvider>;

/** The type that the installed `ai` has for a provider method's result; never if it has no such method. */
type ModelOf<Method extends string> =
  Provider extends Readonly<Record<Method, (id: string) => infer Model>>
    ? Model
    : Provider extends { readonly [Name in Method]?: ((id: string) => infer Model) | undefined }
      ? unknown extends Model
        ? never
        : Model
      : never;

type EmbeddingModel = ModelOf<'embeddingModel'> | ModelOf<'textEmbeddingModel'>;

/**
 * Models of other types. A gateway declares none, so it asks the provider of the id's prefix for the rest of the id. If
 * there is no such provider, `undeclared: 'ai-sdk'` asks the AI SDK. Each method throws NoSuchModelError if no such model
 * is found.
 */
export interface OtherModels {
  embeddingModel(id: string): EmbeddingModel;
  /** The same as `embeddingModel`, under its name in ai 4 and 5. */
  textEmbeddingModel(id: string): EmbeddingModel;
  imageModel(id: string): ModelOf<'imageModel'>;
  /** From ai 5 on. */
  transcriptionModel(id: string): ModelOf<'transcriptionModel'>;
  /** From ai 5 on. */
  speechModel(id: string): ModelOf<'speechModel'>;
  /** From ai 6 on. */
  rerankingModel(id: string): ModelOf<'rerankingModel'>;
  /** From ai 6 on. */
  videoModel(id: string): ModelOf<'videoModel'>;
}

/** Passes requests for models of other types on to the providers. */
export function otherModels(providers: GatewayProviders | undefined, askSdk?: AskSdk): OtherModels {
  const by =
    (type: string, ...methods: readonly string[]) =>
    (id: string): never => {
      const modelOf = (source: unknown, asked: string): unknown => {
        const given = Object(source) as Readonly<Record<string, ((asked: string) => unknown) | undefined>>;
        const method = methods.find((name) => typeof given[name] === 'function');
        return method === undefined ? undefined : given[method]!(asked);
      };
      const own = typeof id === 'string' ? sourceFor(providers, id) : undefined;
      const model = own ? modelOf(own.source, own.asked) : askSdk?.((provider) => modelOf(provider, id));
      if (model !== null && model !== undefined) return model as never; // its type depends on the version of `ai`
      // Types differ from one `ai` to the next.
      throw new ai.NoSuchModelError({ modelId: id, modelType: type as 'imageModel' });
    };
  return {
    embeddingModel: by('embeddingModel', 'embeddingModel', 'textEmbeddingModel'),
    textEmbeddingModel: by('textEmbeddingModel', 'textEmbeddingModel', 'embeddingModel'),
    imageModel: by('imageModel', 'imageModel'),
    transcriptionModel: by('transcriptionModel', 'transcriptionModel'),
    speechModel: by('speechModel', 'speechModel'),
    rerankingModel: by('rerankingModel', 'rerankingModel'),
    videoModel: by('videoModel', 'videoModel'),
  };
}
