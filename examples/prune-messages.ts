// A conversation that outgrew its model: the application prunes its messages with the AI SDK, and asks again.
import { generateText, pruneMessages, type ModelMessage } from 'ai';
import { cascade, ContextWindowExceededError } from 'ai-alloy';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

const { openai, close } = await connect({ 'qwen3-8b': { holds: 32_768 } });
const model = cascade({ id: 'local', steps: [{ model: openai('qwen3-8b'), contextWindow: '32K' }] });

/** The answer, and the messages to go on with: pruned if they were too long. */
async function answer(messages: ModelMessage[]): Promise<{ text: string; messages: ModelMessage[] }> {
  try {
    const { text } = await generateText({ model, messages, maxOutputTokens: 1000 });
    return { text, messages };
  } catch (error) {
    if (!ContextWindowExceededError.isInstance(error)) throw error;
    console.log(error.message);
    // Tool calls with their results, and reasoning, except in the last three messages.
    const pruned = pruneMessages({
      messages,
      reasoning: 'before-last-message',
      toolCalls: 'before-last-3-messages',
    });
    if (pruned.length === messages.length) throw error;
    return answer(pruned);
  }
}

let messages: ModelMessage[] = [];
for (const name of ['ai/README.md', 'ai/src/generate-text/generate-text.ts', 'ai/src/ui/chat.ts']) {
  const call = { toolCallId: `call_${name}`, toolName: 'read' };
  const output = { type: 'text' as const, value: realText(name) };
  messages.push(
    { role: 'user', content: `What does ${name} say?` },
    { role: 'assistant', content: [{ type: 'tool-call', ...call, input: { name } }] },
    { role: 'tool', content: [{ type: 'tool-result', ...call, output }] },
  );
  const answered = await answer(messages);
  console.log(
    `${messages.length} messages, of which ${answered.messages.length} were sent: ${answered.text}`,
  );
  messages = answered.messages;
}

await close();
