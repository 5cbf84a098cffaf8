// A model of 3 MB that llama.cpp loads: one layer of Llama with made-up weights, and single characters for tokens.

/** What it was trained for, as far as its file says. */
export const trainedContext = 4096;

const embedding = 256;
const feedForward = 512;
const heads = 4;

const bytes = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
);
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'];
const tokens = ['<unk>', '<s>', '</s>', ...bytes, '▁', ...letters];

/** The types of a value in GGUF. */
const types = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;

const uint32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};
const uint64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};
const floats = (values: readonly number[]): Buffer => Buffer.from(new Float32Array(values).buffer);
const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);

const value = (type: number, encoded: Buffer): Buffer => Buffer.concat([uint32(type), encoded]);
const list = (type: number, length: number, encoded: Buffer): Buffer =>
  value(types.array, Buffer.concat([uint32(type), uint64(length), encoded]));
const number = (of: number): Buffer => value(types.uint32, uint32(of));

const keys: Readonly<Record<string, Buffer>> = {
  'general.architecture': value(types.string, text('llama')),
  'general.name': value(types.string, text('made-up')),
  'llama.context_length': number(trainedContext),
  'llama.embedding_length': number(embedding),
  'llama.block_count': number(1),
  'llama.feed_forward_length': number(feedForward),
  'llama.attention.head_count': number(heads),
  'llama.attention.head_count_kv': number(heads),
  'llama.attention.layer_norm_rms_epsilon': value(types.float32, floats([1e-5])),
  'llama.rope.dimension_count': number(embedding / heads),
  'llama.vocab_size': number(tokens.length),
  'tokenizer.ggml.model': value(types.string, text('llama')),
  'tokenizer.ggml.tokens': list(types.string, tokens.length, Buffer.concat(tokens.map(text))),
  'tokenizer.ggml.scores': list(types.float32, tokens.length, floats(tokens.map((_, id) => -id))),
  // 2 is unknown, 3 a control token, 6 a byte, 1 any other.
  'tokenizer.ggml.token_type': list(
    types.int32,
    tokens.length,
    Buffer.concat(tokens.map((_, id) => uint32(id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1))),
  ),
  'tokenizer.ggml.bos_token_id': number(1),
  'tokenizer.ggml.eos_token_id': number(2),
  'tokenizer.ggml.unknown_token_id': number(0),
};

const tensors: Readonly<Record<string, readonly number[]>> = {
  'token_embd.weight': [embedding, tokens.length],
  'output_norm.weight': [embedding],
  'output.weight': [embedding, tokens.length],
  'blk.0.attn_norm.weight': [embedding],
  'blk.0.attn_q.weight': [embedding, embedding],
  'blk.0.attn_k.weight': [embedding, embedding],
  'blk.0.attn_v.weight': [embedding, embedding],
  'blk.0.attn_output.weight': [embedding, embedding],
  'blk.0.ffn_norm.weight': [embedding],
  'blk.0.ffn_gate.weight': [embedding, feedForward],
  'blk.0.ffn_up.weight': [embedding, feedForward],
  'blk.0.ffn_down.weight': [feedForward, embedding],
};

const alignment = 32;
const padded = (buffer: Buffer): Buffer =>
  Buffer.concat([buffer, Buffer.alloc((alignment - (buffer.length % alignment)) % alignment)]);

/** The model as a GGUF file. */
export function madeUpModel(): Buffer {
  const pairs = Object.entries(keys).flatMap(([key, encoded]) => [text(key), encoded]);
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const size = shape.reduce((product, length) => product * length, 1);
    const weights = padded(
      floats(Array.from({ length: size }, (_, index) => (shape.length === 1 ? 1 : weight(index)))),
    );
    infos.push(text(name), uint32(shape.length), ...shape.map(uint64), uint32(0), uint64(offset));
    data.push(weights);
    offset += weights.length;
  }
  const head = [
    Buffer.from('GGUF'),
    uint32(3),
    uint64(Object.keys(tensors).length),
    uint64(Object.keys(keys).length),
  ];
  return Buffer.concat([padded(Buffer.concat([...head, ...pairs, ...infos])), ...data]);
}

/** Small numbers without a pattern. */
const weight = (index: number): number => Math.sin(index * 12.9898) / 20;
