// What a call sends. Every call makes its messages anew, as one that arrives as JSON does.
import { jsonSchema, tool } from 'ai';

const image =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const inputSchema = { type: 'object', properties: { query: { type: 'string' } } };

export const rawTools = [{ type: 'function', name: 'lookUp', inputSchema }];
export const sdkTools = {
  lookUp: tool({ inputSchema: jsonSchema(inputSchema), execute: ({ query }) => `Found: ${query}` }),
};

const says = (role, text) => ({ role, content: [{ type: 'text', text }] });

/** The messages of a plan; of a conversation, the first are those of other calls as well. */
export function messagesOf({ n, prompt, conversation, turns }) {
  if (prompt === 'large') return [says('user', `Call ${n}. ${'Much text, and more of it. '.repeat(2000)}`)];
  if (prompt === 'huge') return [says('user', `Call ${n}. ${'字'.repeat(1_000_000)}`)];
  if (prompt === 'image') {
    const file = { type: 'file', mediaType: 'image/png', data: image };
    return [{ role: 'user', content: [{ type: 'text', text: `Call ${n}: what is it?` }, file] }];
  }
  if (prompt === 'short') return [says('user', `Call ${n}.`)];
  const said = (turn, who) => `${who} of turn ${turn} of conversation ${conversation}. `.repeat(20);
  const history = Array.from({ length: turns }, (_, turn) => [
    says('user', said(turn, 'Question')),
    says('assistant', said(turn, 'Answer')),
  ]);
  return [...history.flat(), says('user', `Call ${n}: go on.`)];
}
