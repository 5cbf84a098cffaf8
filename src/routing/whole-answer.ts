import { brokenEnding, emptyEnding, endError, reasonOf, type Circumstances } from '../sdk/ending.ts';
import type { GenerateResult, StreamPart } from '../sdk/model.ts';
import type { Shown } from '../sdk/shown.ts';
import { wouldFallBack } from './after-failure.ts';
import type { Trying } from './tries/try.ts';

/** An answer that has ended. */
export interface EndedAnswer extends Circumstances {
  /** A generated result, or a stream's finish part. */
  readonly answer: Partial<GenerateResult> | StreamPart | undefined;
  readonly shown: Shown;
  /** Its stream parts, or its content, including tool calls. */
  readonly content: readonly StreamPart[];
}

/**
 * Throws an error for an answer that the consumer has not seen yet, if it is incomplete, or if it is empty or
 * unreadable and another member may do better. If no other member is left, an empty answer is passed on unchanged.
 */
export function assertComplete(ended: EndedAnswer, { run, call, member }: Trying): void {
  const { answer, shown, content } = ended;
  const broken = brokenEnding(answer, shown, ended);
  if (broken) throw broken;
  if (shown !== 'content') {
    const isReply = call.prompt.at(-1)?.role === 'tool';
    const empty = emptyEnding(answer, { window: member.limits.declared.ceiling ?? undefined, isReply });
    if (empty && wouldFallBack(run, empty)) throw empty;
  } else if (hasIncompleteToolCall(answer, content)) {
    const error = endError(answer, 'content', undefined);
    if (wouldFallBack(run, error)) throw error;
  }
}

/**
 * Whether an answer that has ended contains an incomplete tool call, or has the finish reason `tool-calls` without a
 * tool call.
 */
function hasIncompleteToolCall(answer: EndedAnswer['answer'], content: readonly StreamPart[]): boolean {
  let isInParts = false;
  let hasCall = false;
  for (const part of content) {
    if (isCall(part)) {
      if (hasIncompleteInput(part)) return reasonOf(answer).unified !== 'length';
      hasCall = true;
    } else isInParts ||= isCallInParts(part);
  }
  return isInParts && !hasCall && reasonOf(answer).unified === 'tool-calls';
}

// ai 4 has a list of tool calls without a type; its providers leave out a call whose arguments are not JSON.
const isCall = ({ type, toolCallType }: StreamPart): boolean =>
  type === 'tool-call' || (type === undefined && toolCallType !== undefined);
const isCallInParts = ({ type }: StreamPart): boolean =>
  type === 'tool-input-delta' || type === 'tool-call-delta';

/** Whether a tool call's input is not JSON: it is incomplete, whatever the finish reason says. */
function hasIncompleteInput(part: StreamPart): boolean {
  const { input, args = input, providerExecuted } = part;
  if (providerExecuted || typeof args !== 'string' || args.trim() === '') return false;
  try {
    JSON.parse(args);
    return false;
  } catch {
    return true;
  }
}
