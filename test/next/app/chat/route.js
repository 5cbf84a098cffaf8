// The route of docs/nextjs.md, in JavaScript.
import { convertToModelMessages, streamText } from 'ai';
import { ContextWindowExceededError, decisionOf } from 'ai-alloy';
import { smart } from '../../models.js';

export async function POST(request) {
  const { messages } = await request.json();
  const result = streamText({
    model: smart,
    messages: await convertToModelMessages(messages),
    abortSignal: request.signal,
    providerOptions: { 'ai-alloy': { tier: request.headers.get('x-tier') ?? 'free' } },
    onError: () => {},
  });
  return result.toUIMessageStreamResponse({
    messageMetadata: ({ part }) =>
      part.type === 'finish-step' ? { answeredBy: decisionOf(part)?.answeredBy } : undefined,
    onError: (error) =>
      ContextWindowExceededError.isInstance(error)
        ? tooLong(error)
        : 'Something went wrong. Please try again.',
  });
}

function tooLong(error) {
  const { candidates } = error.decision;
  const room = Math.max(...candidates.map(({ ceiling, demand }) => (ceiling ?? 0) - demand.output), 0);
  const words = (Math.floor((room * 0.7) / 100) * 100).toLocaleString('en');
  return `That is too much at once: this chat takes about ${words} words. Paste only the part that your question is about.`;
}
