import { convertToModelMessages, tool, type UIMessage } from 'ai';
import { z } from 'zod';
import type { AnswerMetadata } from './badge.ts';
import { downHeader } from './outages.ts';

export type ChatMessage = UIMessage<AnswerMetadata>;

/** What the page sends, for an answer as for a dry run. */
export interface ChatRequest {
  readonly messages: ChatMessage[];
  /** Models that are to be down. */
  readonly down?: readonly string[];
}

export const tools = {
  weather: tool({
    description: 'The weather in a city.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => `${7 + ((city.length * 5) % 20)} °C, ${city.length % 2 ? 'sun' : 'rain'}`,
  }),
};

/** The same call for an answer and for a dry run, so that both have the same size. */
export async function callOf({ messages, down = [] }: ChatRequest) {
  return {
    system: 'You are a helpful assistant.',
    messages: await convertToModelMessages(messages, { tools, ignoreIncompleteToolCalls: true }),
    tools,
    headers: { [downHeader]: down.map((id) => id.split('/')[1]).join(',') },
  };
}
