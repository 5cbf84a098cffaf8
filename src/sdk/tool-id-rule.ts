import { afterKind } from '../primitive-kinds.ts';
import { isOfAnthropicPackage, type Provided } from './provided.ts';

/** Which ids of tool calls a model's API accepts. No API accepts the same id for two calls. */
export interface ToolIdRule {
  /** Characters that an id may have, at least one of them. @default any */
  readonly characters?: RegExp;
  /** UTF-16 units. @default any number */
  readonly maxLength?: number;
  /** The beginning of ids that are made for this API; nine letters and digits follow. */
  readonly prefix: '' | 'call_';
}

/** Whether a model's API takes the id, if no other call has it. */
export const isAllowed = (id: string, { characters, maxLength = Infinity }: ToolIdRule): boolean =>
  id !== '' && id.length <= maxLength && (characters === undefined || characters.test(id));

// Mistral: "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9", code 3280, also of servers that run
// mistral-common (vLLM). @ai-sdk/mistral 1.2.8 to 4.0.87 pass ids on as they are; @ai-sdk/amazon-bedrock 4.0.186 cuts
// them to nine characters, which makes different ones equal.
const mistral: ToolIdRule = { characters: /^[a-zA-Z0-9]{9}$/, prefix: '' };
// Anthropic: "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'", "`tool_use` ids must
// be unique". It states no length.
const claude: ToolIdRule = { characters: /^[\w-]+$/, prefix: 'call_' };
// Bedrock's API reference, ToolUseBlock: 1 to 64 of [a-zA-Z0-9_-]; "blocks … contain duplicate Ids".
const bedrock: ToolIdRule = { characters: /^[\w-]+$/, maxLength: 64, prefix: 'call_' };
// OpenAI and Azure: "Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length
// 40", "Duplicate value for 'tool_call_id'".
const chat: ToolIdRule = { maxLength: 40, prefix: 'call_' };
// Responses: "Invalid 'input[95].call_id': string too long. Expected a string with maximum length 64", "Duplicate
// function_call_output for call_id".
const responses: ToolIdRule = { maxLength: 64, prefix: 'call_' };
// Moonshot: "tool call id write:1 is duplicated"; MiniMax: "duplicate tool_call id" (2013); DeepSeek, as OpenAI.
const unique: ToolIdRule = { prefix: 'call_' };

const mistralModels = /(?:^|[^a-z])(?:mis|mix|minis|magis|devs|codes|maths|pix|vox|leans)tral/;
const uniqueModels = /(?:^|[^a-z])(?:kimi|moonshot|minimax|deepseek)/;
const openAIModels = /(?:^|[/.:])(?:gpt-\d|chatgpt-|o\d\b|codex-)/;

/**
 * The rule of a model's API, found by the ids of model and provider; undefined if none is known (Google, xAI, Groq,
 * Cohere). The model's id is looked at first: gateways keep it, while `createOpenAI({ baseURL })` calls itself
 * 'openai' for any server.
 */
export function toolIdRuleOf(of: Provided): ToolIdRule | undefined {
  const { provider = '', modelId = '' } = of;
  const model = modelId.toLowerCase();
  if (provider.endsWith('.conversation')) return undefined; // Mistral's agents: the server stores the calls
  // A wrapped primitive, recognised by its default id: its members have rules of their own.
  if (provider === 'ai-alloy' || afterKind(model, '(') !== undefined) return undefined;
  if (mistralModels.test(model) || /^mistral\b/.test(provider)) return mistral;
  if (/bedrock/i.test(provider)) return bedrock;
  if (uniqueModels.test(model)) return unique;
  if (isOfAnthropicPackage(of)) return claude;
  if (/claude/.test(model)) return bedrock; // a gateway, which may forward the call to Bedrock
  if (provider.endsWith('.responses')) return responses;
  if (openAIModels.test(model) || /^(?:openai|azure(?:-openai)?)(?:\.|$)/.test(provider)) return chat;
  return /^(?:moonshot|minimax|deepseek)/.test(provider) ? unique : undefined;
}
