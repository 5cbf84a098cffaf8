import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import type { ExplainOptions } from '../explain.ts';
import { parseSize } from '../tokens/size.ts';
import { UsageError } from './outcome.ts';
import { promptOfTokens } from './prompt-of-tokens.ts';

/** The options that say what is to be explained. */
export interface RequestOptions {
  readonly tokens?: string;
  readonly prompt?: string;
  readonly messages?: string;
  readonly maxOutputTokens?: string;
  readonly metadata?: readonly string[];
}

/** More than any model holds, and little enough to be made. */
const mostTokens = 20_000_000;

/** The request that the options describe, as `generateText` takes it. */
export async function requestOf(options: RequestOptions): Promise<ExplainOptions> {
  const { maxOutputTokens, metadata = [] } = options;
  const most = maxOutputTokens === undefined ? undefined : sizeOf('--max-output-tokens', maxOutputTokens);
  return {
    ...(await contentOf(options)),
    // ai 4 calls it maxTokens.
    ...(most !== undefined && { maxOutputTokens: most, maxTokens: most }),
    ...(metadata.length > 0 && {
      providerOptions: { 'ai-alloy': Object.fromEntries(metadata.map(entryOf)) },
    }),
  } as ExplainOptions;
}

async function contentOf({ tokens, prompt, messages }: RequestOptions): Promise<object> {
  if (tokens !== undefined) return { prompt: promptOfTokens(sizeOf('--tokens', tokens)) };
  if (prompt !== undefined) return { prompt: await textOf('--prompt', prompt) };
  if (messages !== undefined) return { messages: messagesIn(await textOf('--messages', messages)) };
  throw new UsageError('say what the request is: --tokens <n>, --prompt <file> or --messages <file>');
}

/** A number as people type it, and the sizes of a gateway's file. */
function sizeOf(option: string, text: string): number {
  const size = parseSize(option, /^\d+$/.test(text) ? Number(text) : text);
  if (size > mostTokens) throw new UsageError(`${option} is ${text}: use at most ${mostTokens}`);
  return size;
}

async function textOf(option: string, file: string): Promise<string> {
  try {
    return file === '-' ? await textOfStream(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it could not be read (${code})`;
    throw new UsageError(`${option} is ${JSON.stringify(file)}: ${reason}`, { cause: error });
  }
}

function messagesIn(text: string): unknown {
  const shape = 'pass a JSON list of messages: [{ "role": "user", "content": "Hello!" }]';
  let messages: unknown;
  try {
    messages = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--messages is not valid JSON: ${shape}`, { cause: error });
  }
  if (!Array.isArray(messages) || messages.length === 0) throw new UsageError(`--messages: ${shape}`);
  return messages;
}

/** `tier=gold`; numbers and booleans are themselves. */
function entryOf(text: string): [string, unknown] {
  const [key = '', ...rest] = text.split('=');
  const value = rest.join('=');
  if (key === '' || rest.length === 0) {
    throw new UsageError(`--metadata is ${JSON.stringify(text)}: write it as key=value, such as tier=gold`);
  }
  return [key, /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? (JSON.parse(value) as unknown) : value];
}
