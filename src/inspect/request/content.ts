import { parseSize } from '../../tokens/size.ts';
import { UsageError } from '../usage-error.ts';
import { textOf } from './input.ts';
import { minTokens, promptOfTokens } from './prompt-of-tokens.ts';

/** The command-line options that describe a user message. */
export interface ContentOptions {
  readonly tokens?: string;
  readonly text?: string;
  readonly prompt?: string;
  readonly hasImages?: boolean;
  readonly hasFiles?: boolean;
}

/** More than any model holds, and still small enough to generate. */
const maxTokens = 20_000_000;

/** A PNG of one pixel. */
const image =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const document = 'JVBERi0xLjQK';

/** The user message that the options describe; undefined if they don't describe its text. */
export async function messageOf(options: ContentOptions): Promise<object | undefined> {
  const text = await wordsOf(options);
  if (text === undefined) return undefined;
  const { hasImages, hasFiles } = options;
  const content = [
    { type: 'text', text },
    ...(hasImages ? [fileOf('image/png', image)] : []),
    ...(hasFiles ? [fileOf('application/pdf', document)] : []),
  ];
  return { role: 'user', content };
}

// ai 4 calls the media type mimeType.
const fileOf = (mediaType: string, data: string): object => ({
  type: 'file',
  mediaType,
  mimeType: mediaType,
  data,
});

async function wordsOf({ tokens, text, prompt }: ContentOptions): Promise<string | undefined> {
  if (prompt !== undefined) return textOf('--prompt', prompt);
  if (tokens === undefined) return text;
  const size = sizeOf('--tokens', tokens);
  if (size > maxTokens) throw new UsageError(`--tokens is ${tokens}: use at most ${maxTokens}`);
  const least = minTokens(text);
  const what = text === undefined ? 'a call with a message' : 'a call with that --text';
  if (size < least) throw new UsageError(`--tokens is ${tokens}: ${what} is ${least} or more, use that`);
  return promptOfTokens(size, text);
}

/** A size as people type it (`50000`), or as in a gateway file (`50K`). */
export const sizeOf = (option: string, text: string): number =>
  parseSize(option, /^\d+$/.test(text) ? Number(text) : text);
