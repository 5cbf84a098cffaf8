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
export const resultOf = (scene, own = {}) => ({
  content: scene.callsTool ? [toolCall(scene)] : [{ type: 'text', text: scene.words.join('') }],
  finishReason: scene.callsTool ? toolCalls : stop,
  usage: usageOf(scene),
  warnings: [],
  ...(scene.namesModel && { response: { id: `r-${scene.n}`, modelId: scene.member } }),
  ...own,
});

/** The parts of a stream up to its last content, of which some may be left out. */
export function* contentOf(scene, length = scene.words.length) {
  yield { type: 'stream-start', warnings: [] };
  if (scene.namesModel) yield { type: 'response-metadata', id: `r-${scene.n}`, modelId: scene.member };
  if (scene.callsTool) {
    const { toolCallId: id, toolName, input } = toolCall(scene);
    yield { type: 'tool-input-start', id, toolName };
    yield { type: 'tool-input-delta', id, delta: input };
    if (length < scene.words.length) return;
    yield { type: 'tool-input-end', id };
    yield toolCall(scene);
    return;
  }
  yield { type: 'text-start', id: '1' };
  for (const delta of scene.words.slice(0, length)) yield { type: 'text-delta', id: '1', delta };
  if (length === scene.words.length) yield { type: 'text-end', id: '1' };
}

export const finishOf = (scene, own = {}) => ({
  type: 'finish',
  finishReason: scene.callsTool ? toolCalls : stop,
  usage: usageOf(scene),
  ...own,
});

/** The parts of a whole answer. */
export function* partsOf(scene, ownFinish = {}) {
  yield* contentOf(scene);
  yield finishOf(scene, ownFinish);
}
