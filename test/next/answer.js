import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { loadModelGateway } from 'ai-alloy/load';

const yaml = `
models:
  - { id: local/small, context_window: 8K }
cascades:
  - { id: smart, steps: [local/small] }
`;

const sources = {
  yaml: { format: 'yaml', text: yaml },
  toml: { format: 'toml', text: '[[models]]\nid = "local/small"\n' },
  exact: { format: 'yaml', text: `tokenizer: { kind: tiktoken }\n${yaml}` },
};

export const providers = {
  local: (id) => createOpenAI({ baseURL: process.env.OPENAI_BASE_URL, apiKey: 'test' }).chat(id),
};

/** Answers through the gateway that `load` returns, or says what is wrong. */
export async function answerOf(load) {
  try {
    const gateway = await load();
    const { text } = await generateText({ model: gateway.languageModel('smart'), prompt: 'Hello!' });
    return new Response(text);
  } catch (error) {
    return new Response(error.message, { status: 500 });
  }
}

/** Answers through a gateway of the text that the query names. */
export const answer = (request) =>
  answerOf(() => loadModelGateway(sources[new URL(request.url).searchParams.get('source')], { providers }));
