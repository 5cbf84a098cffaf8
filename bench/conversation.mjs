// A conversation as an agent has it: questions, answers, and tools that read files.
import { seededRandom } from '../dist/index.js';
import { tiktoken } from '../dist/tiktoken/index.js';
import { textsOf } from './texts.mjs';

const exact = tiktoken({ safetyMargin: 1 });

/** Begins a conversation of about `tokens` tokens that can go on turn by turn. */
export async function beginConversation(tokens, seed = 1) {
  await exact.load();
  const texts = await textsOf(['English prose', 'TypeScript and JavaScript', 'JSON, indented'], 20_000, 60);
  const random = seededRandom(seed);
  const take = (kind, least, most) => {
    const list = texts[kind];
    const text = list[Math.floor(random() * list.length)];
    const length = least + Math.floor(random() * (most - least));
    const start = Math.floor(random() * (text.length - length));
    return text.slice(start, start + length);
  };
  const prose = (least, most) => take('English prose', least, most);
  let calls = 0;
  const nextTurn = () => {
    const toolCallId = `call-${calls++}`;
    const kind = random() < 0.6 ? 'TypeScript and JavaScript' : 'JSON, indented';
    return [
      { role: 'user', content: [{ type: 'text', text: prose(100, 700) }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', toolCallId, toolName: 'read', input: { path: `src/${toolCallId}.ts` } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId,
            toolName: 'read',
            output: { type: 'text', value: take(kind, 500, 8000) },
          },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: prose(300, 1800) }] },
    ];
  };
  const prompt = [{ role: 'system', content: prose(1500, 1501) }];
  let counted = countOf(prompt);
  while (counted < tokens) {
    const turn = nextTurn();
    prompt.push(...turn);
    counted += countOf(turn);
  }
  return { prompt, tokens: counted, nextTurn };
}

/** The messages as `ai` makes them for each call: new arrays, messages and parts, the same strings and tool inputs. */
export function rebuilt(prompt) {
  return prompt.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : content.map((part) => ({ ...part })),
  }));
}

/** Every text in the messages. */
export function stringsOf(prompt) {
  return prompt.flatMap(({ content }) =>
    typeof content === 'string'
      ? [content]
      : content.map(({ text, input, output }) => text ?? output?.value ?? JSON.stringify(input)),
  );
}

/** Exact o200k_base tokens of the texts. */
export function countOf(prompt) {
  return stringsOf(prompt).reduce((sum, text) => sum + exact.estimateText(text), 0);
}
