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

/** Answers through a gateway of the text that the query names, or says what is wrong. */
export async function answer(request) {
  try {
    const local = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL, apiKey: 'test' });
    const source = sources[new URL(request.url).searchParams.get('source')];
    const gateway = await loadModelGateway(source, { providers: { local: (id) => local.chat(id) } });
    const { text } = await generateText({ model: gateway.languageModel('smart'), prompt: 'Hello!' });
    return new Response(text);
  } catch (error) {
    return new Response(error.message, { status: 500 });
  }
}
