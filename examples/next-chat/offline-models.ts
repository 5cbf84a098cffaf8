import type { ChatCompletionRequest, FixtureResponse } from '@copilotkit/aimock';
import type { OfflineModel } from '../support/offline-server.ts';

const story = Array.from(
  { length: 40 },
  (_, night) =>
    `Night ${night + 1}. The keeper climbed the stairs, lit the lamp, and wrote down which ships had passed and where they were bound.`,
).join(' ');

/** What the offline models say. A real model needs nothing like this. */
function answer(request: ChatCompletionRequest): FixtureResponse {
  const { model, messages, tools } = request;
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const results = messages.slice(asked + 1).filter(({ role }) => role === 'tool');
  const { text, hasImage } = readUser(messages[asked]?.content);
  const usage = usageOf(request);
  if (/weather/i.test(text) && tools?.length && results.length === 0) {
    const cities = text.match(/\b(?!What|The)[A-Z]\p{Ll}{2,}/gu) ?? ['Lisbon'];
    const toolCalls = cities.map((city) => ({ name: 'weather', arguments: JSON.stringify({ city }) }));
    return { toolCalls, usage: { ...usage, completion_tokens: 20 * cities.length } };
  }
  const content = hasImage
    ? 'A picture of hills at sunset, at least that is what an offline model would like to see: it can’t look at pictures. With a real key, this would be a description.'
    : results.length > 0
      ? `That is what the tool says: ${results.map((result) => String(result.content)).join(', and ')}.`
      : /story/i.test(text)
        ? story
        : `I am the ${model} model, offline: I have read ${usage.prompt_tokens.toLocaleString('en')} tokens. Ask me for the weather, for a long story, or paste something larger and watch who takes over.`;
  return { content, usage: { ...usage, completion_tokens: Math.ceil(content.length / 4) } };
}

/** The last message of the user: its text, and whether there is an image in the conversation's last turn. */
function readUser(content: unknown): { readonly text: string; readonly hasImage: boolean } {
  if (typeof content === 'string') return { text: content, hasImage: false };
  const parts = (Array.isArray(content) ? content : []) as readonly { type: string; text?: string }[];
  return {
    text: parts.map(({ text = '' }) => text).join(' '),
    hasImage: parts.some(({ type }) => type === 'image_url'),
  };
}

/** About four characters per token, and 255 tokens for an image. */
function usageOf({ messages, tools }: ChatCompletionRequest): {
  prompt_tokens: number;
  completion_tokens: number;
} {
  const text = JSON.stringify([messages, tools]).replaceAll(/"data:[^"]+"/g, 'x'.repeat(1020));
  return { prompt_tokens: Math.ceil(text.length / 4), completion_tokens: 0 };
}

/** The models of models.yaml, by the names that their server has for them. */
export const offlineModels: Readonly<Record<string, OfflineModel>> = {
  small: { holds: 4 * 1024, answer },
  medium: { holds: 16 * 1024, answer },
  large: { holds: 64 * 1024, answer },
  vision: { answer },
};
