// `ai-alloy/huggingface`: exact token counts for any model that has a tokenizer.json. Needs @huggingface/tokenizers, and
// for models with a chat template @huggingface/jinja, to be installed, once it counts.
export { huggingFaceTokenizer, type HuggingFaceTokenizerOptions } from './hugging-face-tokenizer.ts';
