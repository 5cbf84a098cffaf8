import { isRecord } from './safe-read.ts';

/** Longer text is not a provider's own, but what it was sent; and parsing it takes milliseconds. */
const longestJson = 50_000;

// What proxies put in front of the error of the provider behind them: names of exceptions, or a status. Without quotes
// and brackets, which messages have in front of a prompt that they quote.
const wrapper = /[a-z_](?:Error|Exception)\b|\b(?:error|status)(?: code)?:? \d{3}\b|\bHTTP \d{3}\b|^\d{3}\b/;
const noQuotes = /^[^"'`{}[\]]{0,300}$/;

/** The object that a text is, or holds behind a proxy's own words: as JSON, or as Python prints it. */
export function jsonIn(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > longestJson) return undefined;
  const start = /^\s*\[/.test(text) ? 0 : text.indexOf('{');
  if (start < 0) return undefined;
  const before = text.slice(0, start);
  // A server may stream where nobody asked for a stream: then the body is its events.
  if (/^(?:event: \S{1,80}\n)?data: $/.test(before)) return parsed(text.slice(start).split('\n', 1)[0]!);
  if (before.trim() !== '' && !(noQuotes.test(before) && wrapper.test(before))) return undefined;
  const rest = text.slice(start);
  return parsed(rest) ?? parsed(rest.slice(0, rest.lastIndexOf('}') + 1)) ?? fromPython(rest);
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value[0] : isRecord(value) ? value : undefined; // a list: Google's streams
  } catch {
    return undefined;
  }
}

const pythonField = /'(message|type|code)': (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d+))/g;

/** What `{'error': {'message': "…", 'code': 400}}` says went wrong. */
function fromPython(text: string): unknown {
  if (!/^\{\s*'/.test(text)) return undefined;
  const fields = [...text.slice(0, 4000).matchAll(pythonField)].map(
    ([, name, single, double, number]) => [name!, single ?? double ?? Number(number)] as const,
  );
  return fields.length > 0 ? Object.fromEntries(fields.toReversed()) : undefined; // the first of a name counts
}
