import { foundName, InvalidConfigurationError } from '../errors/errors.ts';
import { importInstalled, moduleOf, type OptionalPeer } from '../optional-peer.ts';

/** The part of a tokenizer of @huggingface/tokenizers that is used here. */
export interface LibraryTokenizer {
  tokenize(text: string): string[];
  /** The model of a tokenizer. For byte-pair encoding it caches pieces of texts. */
  readonly model?: { clear_cache?(): void } | null;
}

interface TokenizersModule {
  readonly Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
}

/** The part of a template of @huggingface/jinja that is used here. */
export interface LibraryTemplate {
  render(variables: Record<string, unknown>): string;
}

interface JinjaModule {
  readonly Template: new (template: string) => LibraryTemplate;
}

/** The class of @huggingface/tokenizers; `value` names what needs it. */
export async function importTokenizers(value: string): Promise<TokenizersModule> {
  const peer = peerOf('@huggingface/tokenizers', 'Tokenizer', value);
  try {
    return moduleOf(peer, await import(/* turbopackOptional: true */ '@huggingface/tokenizers'));
  } catch (error) {
    return importInstalled(peer, error);
  }
}

/** The class of @huggingface/jinja, which renders chat templates. */
export async function importJinja(value: string): Promise<JinjaModule> {
  const peer = peerOf('@huggingface/jinja', 'Template', value);
  try {
    return moduleOf(peer, await import(/* turbopackOptional: true */ '@huggingface/jinja'));
  } catch (error) {
    return importInstalled(peer, error);
  }
}

const peerOf = (name: string, exported: string, value: string): OptionalPeer => ({
  name,
  exported,
  option: 'huggingFaceTokenizer.tokenizer',
  value: foundName(value),
});

/** Creates an object of the library. If it throws, that is reported as a problem of the file. */
export function made<Value>(value: string, make: () => Value): Value {
  try {
    return make();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidConfigurationError({
      option: 'huggingFaceTokenizer.tokenizer',
      value: foundName(value),
      remedy: `the library can't read it (${said.slice(0, 200)})`,
      cause,
    });
  }
}
