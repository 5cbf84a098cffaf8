import { useEffect, useState } from 'react';
import type { ChatMessage } from '../lib/request.ts';
import type { Forecast } from './api/explain/route.ts';
import type { Draft } from './composer.tsx';

/** Where the conversation would go, with what is being written; asked for when the writer pauses. */
export function useForecast(messages: ChatMessage[], draft: Draft, isBusy: boolean): Forecast | undefined {
  const [forecast, setForecast] = useState<Forecast>();
  const { text, files } = draft;
  useEffect(() => {
    if (isBusy) return undefined;
    const isEmpty = text === '' && files.length === 0;
    const written: ChatMessage = { id: 'draft', role: 'user', parts: [{ type: 'text', text }, ...files] };
    const all = isEmpty ? messages : [...messages, written];
    if (all.length === 0) {
      setForecast(undefined);
      return undefined;
    }
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      fetch('/api/explain', {
        method: 'POST',
        body: JSON.stringify({ messages: all }),
        signal: stopped.signal,
      })
        .then(async (response) => response.ok && setForecast((await response.json()) as Forecast))
        .catch(() => {}); // the next pause asks again
    }, 250);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [messages, text, files, isBusy]);
  return forecast;
}
