'use client';

import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { useEffect, useRef, useState } from 'react';
import type { ShownModel } from '../lib/gateway.ts';
import { parseRefusal } from '../lib/refusal-text.ts';
import type { ChatMessage } from '../lib/request.ts';
import { Composer, type Draft, emptyDraft } from './composer.tsx';
import { Explanation } from './explanation.tsx';
import { Message } from './message.tsx';
import { Meter } from './meter.tsx';
import { Models } from './models.tsx';
import { Suggestions } from './suggestions.tsx';
import { useForecast } from './use-forecast.ts';
import { useStored } from './use-stored.ts';

const transport = new DefaultChatTransport<ChatMessage>({ api: '/api/chat' });

export function Chat({ models }: { readonly models: readonly ShownModel[] }) {
  const [down, setDown] = useStored<readonly string[]>('down', []);
  const [stored, setStored, isLoaded] = useStored<ChatMessage[]>('messages', []);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const { messages, setMessages, sendMessage, regenerate, stop, status, error, clearError } =
    useChat<ChatMessage>({ transport, experimental_throttle: 40 });
  const isBusy = status === 'submitted' || status === 'streaming';
  const last = messages.at(-1);
  const refusal = error && parseRefusal(error.message);
  const forecast = useForecast(messages, draft, isBusy);

  // The conversation is kept in this tab, so that it survives a reload, with the choice of a model inside it.
  const isRestored = useRef(false);
  useEffect(() => {
    if (!isLoaded) return;
    if (!isRestored.current) setMessages(stored);
    else if (!isBusy) setStored(messages);
    isRestored.current = true;
  }, [isLoaded, isBusy, messages]);

  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (messages.length > 0) end.current?.scrollIntoView({ block: 'end' });
  }, [messages, error]);

  const send = ({ text, files }: Draft) => {
    setDraft(emptyDraft);
    clearError();
    void sendMessage({ text, files: [...files] }, { body: { down } });
  };

  /** Takes back the message that was refused, and puts it into the box again. */
  const takeBack = (change: (text: string) => string) => {
    const parts = last?.role === 'user' ? last.parts : [];
    const text = parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n');
    clearError();
    if (last?.role === 'user') setMessages(messages.slice(0, -1));
    setDraft({ text: change(text), files: parts.filter((part) => part.type === 'file') });
  };

  const startAnew = () => {
    void stop();
    clearError();
    setMessages([]);
    setDraft(emptyDraft);
  };

  return (
    <div className="app">
      <a className="skip" href="#prompt">
        Skip to the message box
      </a>
      <header className="bar">
        <h1>
          <span className="mark" aria-hidden="true" />
          ai-alloy <span className="light">chat</span>
        </h1>
        <button type="button" className="quiet" onClick={startAnew} disabled={messages.length === 0}>
          New chat
        </button>
      </header>

      <aside className="side" aria-label="Models and context">
        <Meter
          models={models}
          forecast={forecast}
          hasDraft={draft.text !== '' || draft.files.length > 0}
          down={down}
        />
        <Models
          models={models}
          down={down}
          setDown={setDown}
          lastUsed={usedBy(last)}
          next={forecast?.first}
        />
      </aside>

      <main className="talk">
        <div className="log" role="log" aria-label="Conversation" aria-live="off" tabIndex={0}>
          {isLoaded && messages.length === 0 && !error && <Suggestions choose={setDraft} send={send} />}
          {messages.map((message, index) => (
            <Message
              key={message.id}
              message={message}
              models={models}
              isRunning={isBusy && index === messages.length - 1}
            />
          ))}
          {status === 'submitted' && (
            <p className="waiting">
              <span className="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {forecast?.first ? `Asking ${nameOf(models, forecast.first)}` : 'Asking'}
            </p>
          )}
          {refusal && (
            <Explanation
              refusal={refusal}
              models={models}
              takeBack={takeBack}
              retry={() => {
                clearError();
                void regenerate({ body: { down } });
              }}
            />
          )}
          <div ref={end} className="end" />
        </div>
        <Composer draft={draft} setDraft={setDraft} send={send} stop={stop} isBusy={isBusy} />
      </main>

      <p className="hidden" role="status">
        {status === 'submitted' && 'Waiting for an answer.'}
        {status === 'streaming' && 'An answer is coming.'}
        {status === 'ready' && last?.role === 'assistant' && spokenEnd(last, models)}
      </p>
    </div>
  );
}

const usedBy = (message: ChatMessage | undefined): string | undefined =>
  message?.metadata?.steps.at(-1)?.answeredBy;

const nameOf = (models: readonly ShownModel[], id: string): string =>
  models.find((each) => each.id === id)?.name ?? id;

/** What a screen reader hears when an answer is complete. */
function spokenEnd(message: ChatMessage, models: readonly ShownModel[]): string {
  const by = usedBy(message);
  const text = message.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join(' ');
  return by === undefined
    ? 'The answer was stopped.'
    : `Answer by ${nameOf(models, by)}: ${text.slice(0, 500)}`;
}
