import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { convertToModelMessages, pipeUIMessageStreamToResponse, streamText } from 'ai';
import { JSDOM } from 'jsdom';
import { start } from './models.mjs';

// React wants a browser when it is loaded.
const { window } = new JSDOM('<div id="root"></div>', { url: 'http://127.0.0.1/', pretendToBeVisual: true });
Object.assign(globalThis, { window, document: window.document });
for (const name of ['HTMLElement', 'Element', 'Node', 'MutationObserver', 'localStorage', 'navigator']) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
const { createElement } = await import('react');
const { createRoot } = await import('react-dom/client');
const { AssistantRuntimeProvider } = await import('@assistant-ui/react');
const { AssistantChatTransport, useChatRuntime } = await import('@assistant-ui/react-ai-sdk');

/** A route handler as the docs show it. */
async function serve(model) {
  const server = createServer(async (request, response) => {
    const { messages } = await json(request);
    const result = streamText({ model, messages: await convertToModelMessages(messages) });
    const stream = result.toUIMessageStream({
      messageMetadata: ({ part }) =>
        part.type === 'finish-step'
          ? { custom: { answeredBy: part.providerMetadata?.['ai-alloy']?.answeredBy } }
          : undefined,
    });
    pipeUIMessageStreamToResponse({ response, stream });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, api: `http://127.0.0.1:${server.address().port}/` };
}

/** The thread of assistant-ui's runtime for `useChat`, mounted as an application mounts it. */
function mount(api) {
  const root = createRoot(window.document.getElementById('root'));
  const runtime = new Promise((resolve) => {
    const App = () => {
      const own = useChatRuntime({ transport: new AssistantChatTransport({ api }) });
      return createElement(AssistantRuntimeProvider, { runtime: own }, createElement(Mounted, { own }));
    };
    const Mounted = ({ own }) => {
      queueMicrotask(() => resolve(own));
      return null;
    };
    root.render(createElement(App));
  });
  return { root, runtime };
}

/** The answer of the assistant, once it is whole. */
const answerOf = (thread) =>
  new Promise((resolve) => {
    const look = () => {
      const last = thread.getState().messages.at(-1);
      if (last?.role === 'assistant' && last.status.type !== 'running') resolve(last);
    };
    thread.subscribe(look);
  });

test("assistant-ui's runtime shows an answer of a cascade, and who gave it", async () => {
  const { model, asked, stop } = await start();
  const { server, api } = await serve(model);
  const { root, runtime } = mount(api);
  try {
    const { thread } = await runtime;
    const answering = answerOf(thread);
    thread.append({ role: 'user', content: [{ type: 'text', text: 'What is the weather in Paris?' }] });
    const { content, status, metadata } = await answering;
    assert.equal(status.type, 'complete');
    assert.equal(content.map(({ text }) => text).join(''), 'Sunny in Paris.');
    assert.equal(metadata.custom.answeredBy, 'good');
    assert.deepEqual(asked, ['down', 'good']);
  } finally {
    root.unmount();
    server.close();
    server.closeAllConnections();
    window.close();
    await stop();
  }
});
