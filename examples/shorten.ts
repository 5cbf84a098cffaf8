// A conversation that outgrew its model: shorten leaves out old tool results, and only when nothing fits.
import { generateText, type ModelMessage } from 'ai';
import { cascade, decisionOf, type Shorten } from 'ai-alloy';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

const { openai, close } = await connect({ 'qwen3-8b': { holds: 32_768 } });

/** Leaves out the tool results before the last one. Their calls stay, since providers want a result for each. */
const withoutOldToolResults: Shorten = ({ prompt, ...call }) => {
  const last = prompt.findLastIndex(({ role }) => role === 'tool');
  const shorter = prompt.map((message, index) => {
    if (message.role !== 'tool' || index === last) return message;
    const content = message.content.map((part) =>
      part.type === 'tool-result'
        ? { ...part, output: { type: 'text' as const, value: '[left out]' } }
        : part,
    );
    return { ...message, content };
  });
  return { ...call, prompt: shorter };
};

const model = cascade({
  id: 'local',
  steps: [{ model: openai('qwen3-8b'), contextWindow: '32K' }],
  shorten: withoutOldToolResults,
});

/** A question, and the file that the model asked for. */
function turn(name: string): ModelMessage[] {
  const call = { toolCallId: `call_${name}`, toolName: 'read' };
  return [
    { role: 'user', content: `What does ${name} say?` },
    { role: 'assistant', content: [{ type: 'tool-call', ...call, input: { name } }] },
    {
      role: 'tool',
      content: [{ type: 'tool-result', ...call, output: { type: 'text', value: realText(name) } }],
    },
  ];
}

const files = ['ai/README.md', 'ai/src/generate-text/generate-text.ts', 'ai/src/ui/chat.ts'];
for (let count = 1; count <= files.length; count++) {
  const messages = files.slice(0, count).flatMap(turn);
  const result = await generateText({ model, messages, maxOutputTokens: 1000 });
  const { candidates, shortened } = decisionOf(result)!;
  const change = shortened
    ? `shortened from ${shortened.from} to ${shortened.to}`
    : candidates[0]!.demand.input;
  console.log(`${count} of ${files.length} files, ${change} tokens: ${result.text}`);
}

await close();
