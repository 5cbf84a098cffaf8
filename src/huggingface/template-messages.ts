import { toolsOf } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { returnedParts } from '../tokens/call/walk-message.ts';
import { textOf } from '../tokens/call/text-of.ts';

type Part = Readonly<Record<string, any>>; // parts as in any of the four specifications, read by their shape

/** A message as chat templates take it: like OpenAI's, but with the arguments of tool calls as objects. */
export type TemplateMessage = Record<string, unknown>;

class NotText extends Error {}

/**
 * The messages of a call as a server with a chat template gets them; undefined if they contain something other than
 * text, such as an image.
 */
export function templateMessages({ prompt }: Call): TemplateMessage[] | undefined {
  try {
    return prompt.flatMap(({ role, content }) => {
      if (typeof content === 'string') return [{ role, content }];
      const parts = content as readonly Part[];
      if (role === 'assistant') return [assistantMessage(parts)];
      return role === 'tool' ? parts.flatMap(toolMessage) : [{ role, content: textsOf(parts).join('\n') }];
    });
  } catch (error) {
    if (error instanceof NotText) return undefined;
    throw error;
  }
}

/** The tool definitions of a call; null, as templates expect it, if there are none. */
export function templateTools(call: Call): TemplateMessage[] | null {
  const tools = (toolsOf(call) as readonly Part[]).filter(({ type = 'function' }) => type === 'function');
  if (tools.length === 0) return null;
  return tools.map(({ name, description, inputSchema, parameters }) => ({
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: inputSchema ?? parameters,
    },
  }));
}

const textsOf = (parts: readonly Part[]): string[] =>
  parts.map(({ type, text }) => {
    if (type !== 'text') throw new NotText();
    return text;
  });

function assistantMessage(parts: readonly Part[]): TemplateMessage {
  const reasoning = parts.filter(({ type }) => type === 'reasoning');
  const calls = parts.filter(({ type }) => type === 'tool-call');
  const texts = textsOf(parts.filter((part) => !reasoning.includes(part) && !calls.includes(part)));
  return {
    role: 'assistant',
    content: texts.join(''),
    ...(reasoning.length > 0 && { reasoning_content: reasoning.map(({ text }) => text).join('') }),
    ...(calls.length > 0 && { tool_calls: calls.map(templateCall) }),
  };
}

function templateCall({ toolCallId, toolName, input, args }: Part): TemplateMessage {
  return {
    id: toolCallId,
    type: 'function',
    function: { name: toolName, arguments: input ?? args ?? {} },
  };
}

function toolMessage(part: Part): TemplateMessage[] {
  const { type, toolCallId, toolName, output, result } = part;
  if (type !== 'tool-result') return []; // an approval, which is not sent to the model
  const parts = returnedParts(part);
  const content = parts?.length
    ? textsOf(parts).join('\n')
    : textOf(output?.value ?? output?.reason ?? result);
  return [{ role: 'tool', tool_call_id: toolCallId, name: toolName, content }];
}
