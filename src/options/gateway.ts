import type { Kind } from './kinds.ts';

const aFunction: Kind = { type: 'function', remedy: 'pass a function' };

/** Options of a gateway, which can only be set in code. */
export const gateway: Readonly<
  Record<
    | 'providers'
    | 'undeclared'
    | 'tiktoken'
    | 'huggingFaceTokenizer'
    | 'mediaTokens'
    | 'random'
    | 'cooldownStore'
    | 'sessionStore',
    Kind
  >
> = {
  providers: { type: 'providers' },
  undeclared: { type: 'word', words: ['error', 'ai-sdk'] },
  tiktoken: aFunction,
  huggingFaceTokenizer: aFunction,
  mediaTokens: aFunction,
  random: aFunction,
  cooldownStore: { type: 'store' },
  sessionStore: { type: 'store' },
};
