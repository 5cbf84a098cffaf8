// A whole answer of a member, in one piece and in parts.

const stop = { unified: 'stop', raw: 'stop' };
const toolCalls = { unified: 'tool-calls', raw: 'tool_calls' };
export const finishedWith = (unified, raw = unified) => ({ unified, raw });

export const usageOf = ({ input, words }) => ({
  inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: words.length * 8, text: words.length * 8, reasoning: undefined },
});

const toolCall = ({ n, tries }) => ({
  type: 'tool-call',
  toolCallId: `call-${n}-${tries}`,
  toolName: 'lookUp',
  input: JSON.stringify({ query: `call ${n}` }),
});

/** What `doGenerate` resolves to. */
export const resultOf = (attempt, own = {}) => ({
  content: attempt.callsTool ? [toolCall(attempt)] : [{ type: 'text', text: attempt.words.join('') }],
  finishReason: attempt.callsTool ? toolCalls : stop,
  usage: usageOf(attempt),
  warnings: [],
  ...(attempt.namesModel && { response: { id: `r-${attempt.n}`, modelId: attempt.member } }),
  ...own,
});

/** The parts of a stream up to its last content, of which some may be left out. */
export function* contentOf(attempt, length = attempt.words.length) {
  yield { type: 'stream-start', warnings: [] };
  if (attempt.namesModel) yield { type: 'response-metadata', id: `r-${attempt.n}`, modelId: attempt.member };
  if (attempt.callsTool) {
    const { toolCallId: id, toolName, input } = toolCall(attempt);
    yield { type: 'tool-input-start', id, toolName };
    yield { type: 'tool-input-delta', id, delta: input };
    if (length < attempt.words.length) return;
    yield { type: 'tool-input-end', id };
    yield toolCall(attempt);
    return;
  }
  yield { type: 'text-start', id: '1' };
  for (const delta of attempt.words.slice(0, length)) yield { type: 'text-delta', id: '1', delta };
  if (length === attempt.words.length) yield { type: 'text-end', id: '1' };
}

export const finishOf = (attempt, own = {}) => ({
  type: 'finish',
  finishReason: attempt.callsTool ? toolCalls : stop,
  usage: usageOf(attempt),
  ...own,
});

/** The parts of a whole answer. */
export function* partsOf(attempt, ownFinish = {}) {
  yield* contentOf(attempt);
  yield finishOf(attempt, ownFinish);
}
