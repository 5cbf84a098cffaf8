import type { Provider, Script } from './report.ts';

/** A whole answer of a provider's API, in one piece and as a stream. */
export function healthyAnswer(provider: Provider, text: string): Record<'generate' | 'stream', Script> {
  return answers[provider](text);
}

const envelope = { id: 'chatcmpl-1', created: 1_760_000_000, model: 'served' };
const chatUsage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
const chunk = (delta: object, finishReason: string | null = null): object => ({
  ...envelope,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

const answers: Record<Provider, (text: string) => Record<'generate' | 'stream', Script>> = {
  chat: (text) => ({
    generate: {
      body: {
        ...envelope,
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage: chatUsage,
      },
    },
    stream: {
      sse: [
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: text }),
        chunk({}, 'stop'),
        { ...envelope, object: 'chat.completion.chunk', choices: [], usage: chatUsage },
        '[DONE]',
      ] as never,
    },
  }),
  compatible: (text) => answers.chat(text),
  parts: (text) => answers.chat(text),
  anthropic: (text) => {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'served', stop_sequence: null };
    const usage = { input_tokens: 9, output_tokens: 2 };
    return {
      generate: { body: { ...message, content: [{ type: 'text', text }], stop_reason: 'end_turn', usage } },
      stream: {
        sse: [
          { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage } },
          { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
          { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
          { type: 'content_block_stop', index: 0 },
          { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
          { type: 'message_stop' },
        ],
      },
    };
  },
  google: (text) => {
    const candidates = [{ content: { parts: [{ text }], role: 'model' }, finishReason: 'STOP', index: 0 }];
    const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 2, totalTokenCount: 11 };
    const body = { candidates, usageMetadata };
    return { generate: { body }, stream: { sse: [body] } };
  },
  responses: (text) => {
    const item = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    };
    const usage = { input_tokens: 9, output_tokens: 2, total_tokens: 11 };
    const response = {
      id: 'resp_1',
      object: 'response',
      created_at: 1_760_000_000,
      model: 'served',
      status: 'completed',
      error: null,
      incomplete_details: null,
      output: [item],
      usage,
    };
    return {
      generate: { body: response },
      stream: {
        sse: [
          { type: 'response.created', response: { ...response, output: [], usage: null } },
          { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
          { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, delta: text },
          { type: 'response.output_item.done', output_index: 0, item },
          { type: 'response.completed', response },
        ],
      },
    };
  },
};
