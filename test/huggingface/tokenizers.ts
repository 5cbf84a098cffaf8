// Small tokenizers, made as those of real models are: one of byte-pair encoding on bytes, as Qwen's, and one of
// Unigram, as SentencePiece trains it. Their vocabularies come of a text of some languages.

import { multilingual } from '../tiktoken/texts.ts';

const corpus = [
  'The quick brown fox jumps over the lazy dog, while the other foxes are watching the dogs jump over them. ',
  "Isn't it nice that we're able to count what they've written? It's what the model reads, and nothing else.\n",
  'Der schnelle braune Fuchs springt über den faulen Hund; die Füchse warten noch auf den Abend.\n',
  'Швидка руда лисиця стрибає через ледачого пса, а інші лисиці дивляться на це.\n',
  '敏捷的棕色狐狸跳过了懒狗，其他的狐狸在看着。请求超过限制时，系统会返回错误信息。',
  ...multilingual,
  'function count(text) { return text.length; } // 100 200 300 1000\n    const tokens = [1, 2, 3];\n',
].join('');

const encoder = new TextEncoder();

/** The splitting pattern of Qwen's tokenizers. */
const pattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** As `pattern`, in the words of JavaScript. */
const splitter =
  /'s|'re|'ve|'t|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;

/** Merges the pair that is most often there, again and again. */
function train(words: readonly (readonly string[])[], count: number): [string, string][] {
  const merges: [string, string][] = [];
  let left = words;
  while (merges.length < count) {
    const pairs = new Map<string, number>();
    for (const word of left) {
      for (let index = 1; index < word.length; index++) {
        const pair = `${word[index - 1]} ${word[index]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }
    const [best] = [...pairs].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const [first, second] = best![0].split(' ') as [string, string];
    merges.push([first, second]);
    left = left.map((word) => merge(word, first, second));
  }
  return merges;
}

function merge(word: readonly string[], first: string, second: string): string[] {
  const merged: string[] = [];
  for (let index = 0; index < word.length; index++) {
    const isPair = word[index] === first && word[index + 1] === second;
    merged.push(isPair ? first + second : word[index]!);
    if (isPair) index++;
  }
  return merged;
}

const special = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** A `tokenizer.json` of byte-pair encoding on bytes: 256 bytes, 300 merges and three special tokens. */
export function bytePairTokenizer() {
  const alphabet = [...new Set(Array.from({ length: 256 }, (_, byte) => nameOfByte(byte)))];
  const words = (corpus.match(splitter) ?? []).map((word) => Array.from(encoder.encode(word), nameOfByte));
  const merges = train(words, 300);
  const tokens = [...new Set([...alphabet, ...merges.map(([first, second]) => first + second)])];
  return {
    version: '1.0',
    added_tokens: ['<|im_start|>', '<|im_end|>', '<|endoftext|>'].map((content, index) =>
      special(content, tokens.length + index),
    ),
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
      ignore_merges: false,
    },
  };
}

/** What byte-level tokenizers write for a byte: the 256 of them in the order of GPT-2. */
function nameOfByte(byte: number): string {
  const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  if (isPrintable) return String.fromCharCode(byte);
  const before = Array.from({ length: byte }, (_, each) => each).filter(
    (each) => !((each > 0x20 && each < 0x7f) || (each > 0xa0 && each !== 0xad)),
  );
  return String.fromCharCode(256 + before.length);
}

/** A `tokenizer.json` of Unigram: pieces of the corpus with the logarithm of how often they are there. */
export function unigramTokenizer() {
  const text = corpus.replaceAll(' ', '▁').replaceAll('\n', '▁');
  const counts = new Map<string, number>();
  for (let start = 0; start < text.length; start++) {
    for (let length = 1; length <= 6; length++) {
      const piece = text.slice(start, start + length);
      if (piece.length === length && !piece.slice(1).includes('▁'))
        counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
  }
  const pieces = [...counts]
    .filter(([piece, count]) => piece.length === 1 || count > 2)
    .map(([piece, count]) => [piece, Math.log(count / text.length)] as [string, number]);
  return {
    version: '1.0',
    added_tokens: ['<unk>', '</s>'].map(special),
    normalizer: { type: 'NFKC' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [['<unk>', 0], ['</s>', 0], ...pieces],
      byte_fallback: false,
    },
  };
}

/** The template of Qwen's models in short: a role around each message, tools in front as JSON, calls in tags. */
export const template = `{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
{{- '# Tools\\n<tools>' }}
{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
{{- '\\n</tools><|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
{%- elif not (tools and loop.first and message.role == 'system') %}
{{- '<|im_start|>' + message.role + '\\n' }}
{%- if message.reasoning_content %}{{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n' }}{%- endif %}
{{- message.content }}
{%- if message.tool_calls %}{%- for call in message.tool_calls %}
{{- '\\n<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' + (call.function.arguments | tojson) + '}\\n</tool_call>' }}
{%- endfor %}{%- endif %}
{{- '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;

/** A `tokenizer_config.json` with a chat template. */
export const chatConfig = {
  tokenizer_class: 'Qwen2Tokenizer',
  bos_token: null,
  eos_token: '<|im_end|>',
  chat_template: template,
};
