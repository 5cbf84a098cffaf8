// `ai-alloy/huggingface`: exact token counts for any model that has a tokenizer.json. Counting needs
// @huggingface/tokenizers to be installed, and @huggingface/jinja for models with a chat template.
export { huggingFaceTokenizer, type HuggingFaceTokenizerOptions } from './hugging-face-tokenizer.ts';
