import type { Failure } from './failure.ts';
import { fieldOf } from './safe-read.ts';

/** A hint for a failure whose error message is misleading; undefined for others. */
export function hintFor({ kind, statusCode, error }: Failure, provider = ''): string | undefined {
  const url = fieldOf(error, 'url');
  const isResponses =
    provider.endsWith('.responses') && typeof url === 'string' && url.endsWith('/responses');
  if (kind === 'not-found' && statusCode === 404 && isResponses && !url.includes('//api.openai.com/')) {
    return 'the server may have no Responses API: use the chat model of its provider, such as openai.chat(id)';
  }
  return undefined;
}
