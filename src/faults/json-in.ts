import { isRecord } from './safe-read.ts';

/** Longer text isn't a provider's own error but contains the request, and would take milliseconds to parse. */
const maxJsonLength = 50_000;

// Proxies put the name of an exception, or a status, before the provider's error. That text must have no quotes or
// brackets: with them, a message quotes the prompt, and the JSON behind it may be the caller's.
const wrapper = /[a-z_](?:Error|Exception)\b|\b(?:error|status)(?: code)?:? \d{3}\b|\bHTTP \d{3}\b|^\d{3}\b/;
const noQuotes = /^[^"'`{}[\]]{0,300}$/;

/** The object in a text, which may follow a proxy's own words: as JSON, or as Python prints a dict. */
export function jsonIn(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > maxJsonLength) return undefined;
  const start = /^\s*\[/.test(text) ? 0 : text.indexOf('{');
  if (start < 0) return undefined;
  const before = text.slice(0, start);
  // Some servers stream although the call didn't ask for it: then the body is a list of events.
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
  return fields.length > 0 ? Object.fromEntries(fields.toReversed()) : undefined; // if a name occurs twice, the first counts
}
