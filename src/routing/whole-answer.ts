import { brokenEnding, emptyEnding, endError, reasonOf, type Circumstances } from '../sdk/ending.ts';
import type { GenerateResult, StreamPart } from '../sdk/model.ts';
import type { Shown } from '../sdk/shown.ts';
import { wouldLeadOn } from './after-failure.ts';
import type { Trying } from './tries/try.ts';

/** An answer whose end is here. */
export interface Whole extends Circumstances {
  /** A generated result, or a stream's finish part. */
  readonly answer: Partial<GenerateResult> | StreamPart | undefined;
  readonly shown: Shown;
  /** Its parts, or its content: tool calls among them. */
  readonly content: readonly StreamPart[];
}

/**
 * Throws what is wrong with an answer that nobody has seen yet: it broke off, or it is empty or unreadable in a way in
 * which another member could do better. Where no other can, an empty answer is passed on as it is.
 */
export function assertWhole({ answer, shown, content, ...circumstances }: Whole, trying: Trying): void {
  const { run, call, member } = trying;
  const broken = brokenEnding(answer, shown, circumstances);
  if (broken) throw broken;
  if (shown !== 'content') {
    const isReply = call.prompt.at(-1)?.role === 'tool';
    const empty = emptyEnding(answer, { window: member.limits.declared.ceiling ?? undefined, isReply });
    if (empty && wouldLeadOn(run, empty)) throw empty;
  } else if (hasBrokenCall(answer, content)) {
    const error = endError(answer, 'content', undefined);
    if (wouldLeadOn(run, error)) throw error;
  }
}

/** Whether an answer that came to an end holds half a tool call, or says that it calls tools and calls none. */
function hasBrokenCall(answer: Whole['answer'], content: readonly StreamPart[]): boolean {
  let isInParts = false;
  let hasCall = false;
  for (const part of content) {
    if (isCall(part)) {
      if (hasBrokenInput(part)) return reasonOf(answer).unified !== 'length';
      hasCall = true;
    } else isInParts ||= isCallInParts(part);
  }
  return isInParts && !hasCall && reasonOf(answer).unified === 'tool-calls';
}

// V1 has a list of calls without a type; its providers leave out a call whose arguments are no JSON.
const isCall = ({ type, toolCallType }: StreamPart): boolean =>
  type === 'tool-call' || (type === undefined && toolCallType !== undefined);
const isCallInParts = ({ type }: StreamPart): boolean =>
  type === 'tool-input-delta' || type === 'tool-call-delta';

/** Whether a tool call's input is no JSON: it broke off, whatever the finish reason says. */
function hasBrokenInput(part: StreamPart): boolean {
  const { input, args = input, providerExecuted } = part;
  if (providerExecuted || typeof args !== 'string' || args.trim() === '') return false;
  try {
    JSON.parse(args);
    return false;
  } catch {
    return true;
  }
}
