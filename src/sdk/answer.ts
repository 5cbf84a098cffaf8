import type { TokenUsage } from '../decision.ts';
import { objectToolOf, responseSchemaOf } from './call.ts';
import { reasonOf } from './ending.ts';
import type { Call, GenerateResult, StreamPart, Warning } from './model.ts';
import { usageOf } from './usage.ts';

/** A tool call in an answer. */
export interface AnsweredToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  /** Its arguments, parsed; the text itself if it is not JSON. */
  readonly input: unknown;
}

/** A member's complete answer, as `acceptAnswer` gets it: in the same form in every version of the AI SDK. */
export interface Answer {
  /** Its text; for an object that ai 4 asks for by a tool call, the arguments of that call. */
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly AnsweredToolCall[];
  /** The finish reason in the AI SDK's words: `stop`, `length`, `content-filter`, `tool-calls`, `other`, … */
  readonly finishReason: string;
  /** The tokens that its provider reported. */
  readonly usage: TokenUsage;
  readonly warnings: readonly Warning[];
  /** The JSON Schema that the call asks the answer to follow; undefined if it asks for none. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** The options of `doGenerate` or `doStream`: prompt, tools, responseFormat, … */
  readonly call: Call;
  /** The id of the member that answered. */
  readonly member: string;
}

/** An answer that is complete, with what the versions of the SDK have different forms for. */
export interface CompleteAnswer {
  /** The parts of a stream, or of a generated answer. */
  readonly parts: readonly StreamPart[];
  /** The generated result, or the finish part of a stream. */
  readonly end: GenerateResult | StreamPart;
  readonly warnings: readonly Warning[];
}

/** A complete answer in the same form whatever the version of the SDK. */
export function answerOf({ parts, end, warnings }: CompleteAnswer, call: Call, member: string): Answer {
  const calls = parts.filter(isToolCall);
  const objectTool = objectToolOf(call);
  const inTool = objectTool && calls.find(({ toolName }) => toolName === objectTool.name);
  const schema = (objectTool ? objectTool.parameters : responseSchemaOf(call)) as Answer['schema'];
  return {
    text: inTool ? String(inputOf(inTool)) : parts.map(textIn).join(''),
    reasoning: parts.map(reasoningIn).join(''),
    toolCalls: inTool ? [] : calls.map(toolCallOf),
    finishReason: reasonOf(end).unified,
    usage: usageOf(end) ?? {},
    warnings,
    schema,
    call,
    member,
  };
}

/** The parts of a generated answer, which V1 spreads over fields. */
export function partsOfResult({ content, text, reasoning, toolCalls }: GenerateResult): StreamPart[] {
  if (Array.isArray(content)) return content;
  const thoughts = [reasoning ?? []].flat().map((each: unknown) => {
    const thought = typeof each === 'string' ? each : (Object(each) as { readonly text?: unknown }).text;
    return { type: 'reasoning', text: thought };
  });
  const calls = ((toolCalls ?? []) as readonly object[]).map((each) => ({ type: 'tool-call', ...each }));
  return [...thoughts, { type: 'text', text }, ...calls];
}

const isToolCall = ({ type }: StreamPart): boolean => type === 'tool-call';

const textIn = (part: StreamPart): string => (/^text(-delta)?$/.test(part.type) ? contentOf(part) : '');
const reasoningIn = (part: StreamPart): string =>
  /^reasoning(-delta)?$/.test(part.type) ? contentOf(part) : '';

const contentOf = ({ text, delta = text, textDelta = delta }: StreamPart): string =>
  typeof textDelta === 'string' ? textDelta : '';

const inputOf = ({ input, args = input }: StreamPart): unknown => args;

function toolCallOf(part: StreamPart): AnsweredToolCall {
  const { toolCallId, toolName } = part as unknown as AnsweredToolCall;
  const input = inputOf(part);
  try {
    return { toolCallId, toolName, input: typeof input === 'string' ? JSON.parse(input) : input };
  } catch {
    return { toolCallId, toolName, input };
  }
}
