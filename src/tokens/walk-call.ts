import { responseSchemaOf, toolsOf } from '../spec/call.ts';
import type { Call } from '../spec/model.ts';
import { mediumTokens } from './media.ts';

// Framing, in tokens: an upper bound on what vendors' chat templates add (OpenAI's cookbook counts 3 per
// message plus the role and 3 for the reply; tool definitions cost some 32 plus 8 each there).
const perCall = 8;
const perMessage = 4;
const perToolPart = 6;
const perToolSet = 32;
const perTool = 8;

/** Everything in a call that costs tokens. */
export interface CallContent {
  /** Strings, and JSON values that are sent as text, in the call's order and as the call holds them. */
  readonly leaves: readonly unknown[];
  /** Tokens that depend on no text: framing and media. */
  readonly fixedTokens: number;
}

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

/**
 * Collects what the model will read: every message's text, reasoning, tool calls and results, media, tool
 * definitions and the response schema. One structural walk serves V1 to V4, and parts that don't exist yet.
 */
export function walkCall(call: Call): CallContent {
  const tools = toolsOf(call);
  const leaves: unknown[] = [...tools];
  const add = (leaf: unknown): void => {
    if (leaf !== undefined && leaf !== null) leaves.push(leaf);
  };
  add(responseSchemaOf(call));
  let fixedTokens = perCall + perMessage * call.prompt.length;
  if (tools.length > 0) fixedTokens += perToolSet + perTool * tools.length;

  const addPart = (part: Part): void => {
    const { type, toolName, output, content, filename } = part;
    const data = part['data'] ?? part['image'];
    if (type === 'text') add(part['text']);
    else if (type === 'reasoning') add(part['text'] || part['providerOptions']); // redacted: its text is there
    else if (type === 'tool-call' || type === 'tool-result') {
      fixedTokens += perToolPart;
      add(toolName);
      // A list of parts that the tool chose to send: V1 has it beside `result`, which repeats it.
      const list = output?.type === 'content' ? output.value : content;
      if (list?.length > 0) list.forEach(addPart);
      else add(output?.value ?? output?.reason ?? part['input'] ?? part['args'] ?? part['result']);
    } else if (type === 'redacted-reasoning') add(data);
    else if (data?.type === 'text') add(data.text); // V4 tags its file data
    else if (/file|image|media/.test(type)) {
      fixedTokens += mediumTokens(String(part['mediaType'] ?? part['mimeType'] ?? type), byteLengthOf(data));
    } else add(part); // a kind that isn't known here counts as its JSON
    add(filename);
  };

  for (const { content } of call.prompt) {
    if (typeof content === 'string') add(content);
    else for (const part of content) addPart(part as Part);
  }
  return { leaves, fixedTokens };
}

/** Bytes of a file's data; base64 (V1 to V4) and V4's tagged data are seen through. */
function byteLengthOf(data: any): number | undefined {
  if (typeof data === 'string' && !/^https?:/.test(data)) return Math.ceil(data.length * 0.75);
  return data?.byteLength ?? (data?.type === 'data' ? byteLengthOf(data.data) : undefined);
}
