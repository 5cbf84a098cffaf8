import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai';
import { ContextWindowExceededError, decisionOf } from 'ai-alloy';
import { smart } from '../../../lib/models.ts';

export async function POST(request: Request): Promise<Response> {
  const { messages }: { messages: UIMessage[] } = await request.json();

  const result = streamText({
    model: smart,
    messages: await convertToModelMessages(messages),
    abortSignal: request.signal, // closing the tab aborts the call
    onError: () => {}, // errors are shown to the user by toUIMessageStream below
  });

  return createUIMessageStreamResponse({
    stream: toUIMessageStream({
      stream: result.stream,
      // Who answered, as `message.metadata` in useChat.
      messageMetadata({ part }) {
        if (part.type !== 'finish-step') return undefined;
        return { answeredBy: decisionOf(part)?.answeredBy };
      },
      onError: (error) =>
        ContextWindowExceededError.isInstance(error)
          ? 'This conversation has become too long. Please start a new one.'
          : 'Something went wrong. Please try again.',
    }),
  });
}
