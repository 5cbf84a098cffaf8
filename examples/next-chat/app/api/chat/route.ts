import { createUIMessageStreamResponse, isStepCount, streamText, toUIMessageStream } from 'ai';
import { decisionOf } from 'ai-alloy';
import { badgeOf, type StepBadge } from '../../../lib/badge.ts';
import { model } from '../../../lib/gateway.ts';
import { refusalOf } from '../../../lib/refusal.ts';
import { callOf, tools, type ChatMessage, type ChatRequest } from '../../../lib/request.ts';

export async function POST(request: Request): Promise<Response> {
  const asked = (await request.json()) as ChatRequest;
  const result = streamText({
    ...(await callOf(asked)),
    model,
    stopWhen: isStepCount(5),
    abortSignal: request.signal, // stopping the answer or closing the tab aborts the call
    maxRetries: 0, // the dispatcher falls back instead
    onError: () => {}, // errors are shown to the user, below
  });
  const steps: StepBadge[] = [];
  return createUIMessageStreamResponse({
    stream: toUIMessageStream<typeof tools, ChatMessage>({
      stream: result.stream,
      tools,
      messageMetadata({ part }) {
        if (part.type !== 'finish-step') return undefined;
        const decision = decisionOf(part);
        if (decision) steps.push(badgeOf(decision, part.usage));
        return { steps: [...steps] };
      },
      onError: (error) => JSON.stringify(refusalOf(error)),
    }),
  });
}
