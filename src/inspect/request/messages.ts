import * as ai from 'ai';
import { firstLineOf } from '../clean.ts';
import { UsageError } from '../usage-error.ts';
import { assertTable, shown } from './input.ts';

export const messagesShape = 'pass a JSON list of messages: [{ "role": "user", "content": "Hello!" }]';

/**
 * Messages as `generateText` takes them, converted if they are UI messages of `useChat`; `where` names them in
 * errors.
 */
export async function messagesOf(where: string, messages: unknown): Promise<readonly unknown[]> {
  if (!Array.isArray(messages) || messages.length === 0) throw new UsageError(`${where}: ${messagesShape}`);
  messages.forEach((message: unknown, index) => assertMessage(`${where}[${index}]`, message));
  if (!messages.some((message: object) => 'parts' in message)) return messages;
  // ai 4 has the function under another name, and accepts UI messages as they are.
  if (typeof ai.convertToModelMessages !== 'function') return messages;
  if (!messages.every((message: object) => 'parts' in message)) {
    throw new UsageError(`${where}: some have "parts" and some have not: use one kind, UI or model messages`);
  }
  try {
    return await ai.convertToModelMessages(messages as Parameters<typeof ai.convertToModelMessages>[0]);
  } catch (error) {
    throw new UsageError(`${where}: ai can't read these UI messages: ${firstLineOf(error)}`, {
      cause: error,
    });
  }
}

/** Checks a message, since `ai` doesn't: it would throw a TypeError of the runtime. */
function assertMessage(at: string, message: unknown): void {
  assertTable(at, message, 'a message is { "role": "user", "content": "Hello!" }');
  const { role, content, parts } = message;
  if (typeof role !== 'string') throw new UsageError(`${at}.role is ${shown(role)}: use "user", for example`);
  if (typeof content === 'string' && parts === undefined) return;
  const [name, list] = parts === undefined ? ['content', content] : ['parts', parts];
  const isList = Array.isArray(list) && list.every((part: unknown) => typeof Object(part).type === 'string');
  if (isList) return;
  throw new UsageError(
    `${at}.${name} is ${shown(list)}: use a list of parts: [{ "type": "text", "text": "Hello!" }]`,
  );
}
