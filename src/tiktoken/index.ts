// `ai-alloy/tiktoken`: exact token counts for OpenAI's encodings. Counting needs js-tiktoken to be installed.
export type { TiktokenEncoding } from './encodings.ts';
export { fromTiktoken, type FromTiktokenOptions, type TiktokenEncoder } from './from-tiktoken.ts';
export { tiktoken, type TiktokenOptions } from './tiktoken.ts';
