// Exact counts by real tokenizers: js-tiktoken's ranks, and those that npm brings as `tokenizer.json`.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exactCounter } from '../tokens/counter.mjs';
import { install, readTokenizer } from './vocabularies.mjs';

/** The tokenizers that weights are fitted to, by the name of the encoding, and where each comes from. */
export const sources = {
  o200k: 'o200k_base',
  cl100k: 'cl100k_base',
  qwen: 'qwen3',
  llama: 'llama3_2',
  llama2: 'llama2',
  gemma: 'gemma3',
  deepseek: 'deepseek_v3',
  mistral: 'mistral_nemo',
};

const folder = fileURLToPath(new URL('../.counts/', import.meta.url));

/**
 * A function that counts the tokens of a text exactly, without special tokens. The tokenizers read some 50 kB in a
 * second, so counts are kept in `bench/.counts`: only new text is counted.
 */
export async function counterOf(encoding) {
  const source = sources[encoding] ?? encoding;
  const path = `${folder}${source}.json`;
  const known = readCounts(path);
  const count = await loadOnDemand(source);
  let isNew = false;
  process.once('exit', () => {
    if (!isNew) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, JSON.stringify(known));
  });
  return (text) => {
    const key = createHash('md5').update(text).digest('base64');
    if (known[key] === undefined) {
      known[key] = count(text);
      isNew = true;
    }
    return known[key];
  };
}

async function loadOnDemand(source) {
  if (source.endsWith('_base')) return exactCounter(source);
  install();
  const { Tokenizer } = await import('@huggingface/tokenizers');
  let tokenizer;
  return (text) => {
    tokenizer ??= new Tokenizer(readTokenizer(source), readTokenizer(source, 'tokenizer_config.json'));
    return tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  };
}

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
