import type { Vendor } from '../vendor.ts';
import type { CallContent } from './walk-call.ts';

/**
 * The tokens that a chat template adds around the texts of a call. The tokens of tool definitions as JSON are multiplied by
 * `schemaWeight`, since templates put spaces into the JSON, or indent it, and add instructions.
 */
type Framing = readonly [
  perCall: number,
  perMessage: number,
  perToolPart: number,
  perToolSet: number,
  perTool: number,
  schemaWeight: number,
];

/**
 * Upper bounds. OpenAI's cookbook counts 3 per message plus the role and 3 for the reply; tool definitions cost some 32 plus
 * 8 each there, and at most 1.08 of the tokens of their JSON (407 real tools, 2026).
 */
const usual: Framing = [8, 4, 6, 32, 8, 1.1];

/**
 * For the chat templates of Qwen 3, Llama 3.2, Gemma 3, DeepSeek V3 and Mistral Nemo, with the tools of five MCP servers:
 * `npm run framing` prints demand ÷ real tokens. The templates of Gemma and DeepSeek don't support tools, so their numbers
 * are for tools as servers and model cards write them. Kimi, GLM and gpt-oss are not measured, but taken from what their
 * makers have published: Kimi and GLM write tools as Qwen does, and gpt-oss begins with a system message of its own.
 */
const framings: Partial<Record<Vendor, Framing>> = {
  qwen: [4, 5, 7, 76, 10, 1.3],
  llama: [30, 5, 6, 56, 20, 1.8],
  gemma: [4, 5, 8, 64, 28, 1.9],
  deepseek: [4, 2, 5, 104, 2, 1.15],
  mistral: [4, 2, 16, 6, 8, 1.2],
  kimi: [24, 5, 16, 76, 10, 1.3],
  glm: [24, 5, 16, 76, 10, 1.3],
  'gpt-oss': [88, 5, 16, 32, 8, 1.1],
};

/** Tokens that the chat template adds to a call, whatever its texts are. */
export function framingOf({ messages, toolParts, tools }: CallContent, vendor: Vendor): number {
  const [perCall, perMessage, perToolPart, perToolSet, perTool] = framings[vendor] ?? usual;
  const ofTools = tools > 0 ? perToolSet + perTool * tools : 0;
  return perCall + perMessage * messages.length + perToolPart * toolParts + ofTools;
}

/** The factor for the tokens of tool definitions and response schema as JSON. */
export function schemaWeightOf(vendor: Vendor): number {
  return (framings[vendor] ?? usual)[5];
}
