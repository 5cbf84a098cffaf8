import type { Version } from './installations.ts';

/** What a mock model answers, in terms that all four specifications share. */
export interface Answer {
  readonly reasoning?: string;
  readonly text?: string;
  readonly toolCall?: { readonly name: string; readonly input: object };
  readonly finish?: 'stop' | 'tool-calls' | 'length' | 'unknown';
  readonly usage?: { readonly input: number; readonly output: number };
  /** The id of the response and the model that it names, if it names one. */
  readonly response?: { readonly id: string; readonly modelId?: string };
}

/** A part of a stream of any specification. */
export interface Part {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** An answer as `doGenerate` resolves to it. */
export function resultOf(version: Version, answer: Answer): object {
  const { text, reasoning, toolCall, response } = answer;
  const common = { ...endOf(version, answer), ...(response && { response }) };
  if (version === 'v1') {
    const rawCall = { rawPrompt: null, rawSettings: {} };
    return { text, reasoning, toolCalls: toolCall && [toolCallOf(version, toolCall)], rawCall, ...common };
  }
  const content = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning }]),
    ...(text === undefined ? [] : [{ type: 'text', text }]),
    ...(toolCall ? [{ type: 'tool-call', ...toolCallOf(version, toolCall) }] : []),
  ];
  return { content, warnings: [], ...common };
}

/** An answer as the parts of a stream. */
export function partsOf(version: Version, answer: Answer): Part[] {
  const { text, reasoning, toolCall, response } = answer;
  return [
    ...(version === 'v1' ? [] : [{ type: 'stream-start', warnings: [] }]),
    ...(response ? [{ type: 'response-metadata', ...response }] : []),
    ...(reasoning === undefined ? [] : deltasOf(version, 'reasoning', reasoning)),
    ...(text === undefined ? [] : deltasOf(version, 'text', text)),
    ...(toolCall ? [{ type: 'tool-call', ...toolCallOf(version, toolCall) }] : []),
    { type: 'finish', ...endOf(version, answer) },
  ];
}

/** Text or reasoning as one empty delta, with which providers begin, and one delta per word. */
export function deltasOf(version: Version, kind: 'text' | 'reasoning', text: string): Part[] {
  const words = ['', ...text.split(/(?<= )/)];
  if (version === 'v1') {
    const type = kind === 'text' ? 'text-delta' : 'reasoning';
    return words.map((textDelta) => ({ type, textDelta }));
  }
  const deltas = words.map((delta) => ({ type: `${kind}-delta`, id: kind, delta }));
  return [{ type: `${kind}-start`, id: kind }, ...deltas, { type: `${kind}-end`, id: kind }];
}

export function finishReasonOf(version: Version, reason: string): unknown {
  if (version === 'v1' || version === 'v2') return reason;
  return { unified: reason === 'unknown' ? 'other' : reason, raw: reason };
}

function endOf(version: Version, { toolCall, finish, usage = { input: 7, output: 2 } }: Answer): object {
  const finishReason = finishReasonOf(version, finish ?? (toolCall ? 'tool-calls' : 'stop'));
  return { finishReason, usage: usageOf(version, usage) };
}

function usageOf(version: Version, { input, output }: { input: number; output: number }): object {
  if (version === 'v1') return { promptTokens: input, completionTokens: output };
  if (version === 'v2') return { inputTokens: input, outputTokens: output, totalTokens: input + output };
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}

function toolCallOf(version: Version, { name, input }: { name: string; input: object }): object {
  const call = { toolCallId: `call-${name}`, toolName: name };
  const json = JSON.stringify(input);
  return version === 'v1' ? { ...call, toolCallType: 'function', args: json } : { ...call, input: json };
}
