import type { Call, Message, SpecModel } from './model.ts';
import { isAllowed, type ToolIdRule } from './tool-id-rule.ts';

/** A part of a message that belongs to a tool call: the call, its result, a request for approval. */
interface ToolPart {
  readonly type: string;
  readonly toolCallId: string;
  readonly toolName?: string;
}

/**
 * A model that is only sent ids of tool calls that its API accepts, whichever model made them. This wrapper is inside
 * the fit check, so that the check sees the prompt that was counted already.
 */
export function withToolIds(model: SpecModel, rule: ToolIdRule): SpecModel {
  const own: Pick<SpecModel, 'doGenerate' | 'doStream'> = {
    doGenerate: (call) => model.doGenerate(translateToolIds(call, rule)),
    doStream: (call) => model.doStream(translateToolIds(call, rule)),
  };
  // Everything else is read from the model itself, since its getters may use private fields.
  return new Proxy(own, {
    get: (_, name) => Reflect.get(Object.hasOwn(own, name) ? own : model, name),
  }) as SpecModel;
}

/**
 * The call with ids that the rule allows and that no two tool calls share; the same call if nothing has to change. A
 * new id depends only on what comes before it in the prompt. So the beginning of a conversation stays the same, and
 * prompt caches and retries keep working.
 */
export function translateToolIds(call: Call, rule: ToolIdRule): Call {
  if (isFine(call.prompt, rule)) return call;
  const idFor = translator(rule);
  const prompt = call.prompt.map((message, index) => {
    const content = partsOf(message).map((part) => {
      if (!isToolPart(part)) return part;
      const toolCallId = idFor(part, index);
      return toolCallId === part.toolCallId ? part : Object.assign({}, part, { toolCallId });
    });
    const isSame = content.every((part, at) => part === message.content[at]);
    return isSame ? message : Object.assign({}, message, { content });
  });
  return Object.assign({}, call, { prompt });
}

/** Whether no id has to change. */
function isFine(prompt: readonly Message[], rule: ToolIdRule): boolean {
  let seen: Set<string> | undefined;
  for (const message of prompt) {
    for (const part of partsOf(message)) {
      if (!isToolPart(part)) continue;
      const { type, toolCallId } = part;
      if (!isAllowed(toolCallId, rule)) return false;
      if (type !== 'tool-call') continue;
      if (seen?.has(toolCallId)) return false;
      seen = (seen ?? new Set()).add(toolCallId);
    }
  }
  return true;
}

const nothing: readonly unknown[] = [];

/** Parts of the messages that may have to do with tools. */
const partsOf = ({ role, content }: Message): readonly unknown[] =>
  (role === 'assistant' || role === 'tool') && Array.isArray(content) ? content : nothing;

const isToolPart = (part: unknown): part is ToolPart =>
  typeof (part as ToolPart | undefined)?.toolCallId === 'string';

/** A tool call in the prompt. */
interface SeenCall {
  /** The id with which it is sent. */
  readonly sentId: string;
  readonly toolName: string | undefined;
  /** Index of its message. */
  readonly at: number;
}

/** The tool calls in the prompt that have the same id. */
interface SeenCalls {
  count: number;
  latest: SeenCall;
  /** Those without a result. */
  readonly open: SeenCall[];
}

/** Gives the parts of a prompt, in their order, the ids to send them with. */
function translator(rule: ToolIdRule): (part: ToolPart, at: number) => string {
  const taken = new Set<string>();
  const seen = new Map<string, SeenCalls>();
  const made = (id: string, occurrence: number): string => {
    for (let attempt = 0; ; attempt++) {
      const sentId = rule.prefix + code(`${id}\0${occurrence}\0${attempt}`);
      if (!taken.has(sentId)) return sentId;
    }
  };
  return ({ type, toolCallId: id, toolName }, at) => {
    const calls = seen.get(id);
    if (type === 'tool-call') {
      const mayStay = !calls && isAllowed(id, rule) && !taken.has(id);
      const sentId = mayStay ? id : made(id, calls?.count ?? 0);
      const latest = { sentId, toolName, at };
      taken.add(sentId);
      if (calls) Object.assign(calls, { count: calls.count + 1, latest }).open.push(latest);
      else seen.set(id, { count: 1, latest, open: [latest] });
      return sentId;
    }
    // All parts that belong to a call which isn't in the prompt get the same id.
    if (!calls) return isAllowed(id, rule) ? id : made(id, 0);
    return (type === 'tool-result' ? answeredBy(calls, toolName) : calls.latest).sentId;
  };
}

/**
 * Finds the call to which a result belongs, and marks it as answered. Among the unanswered calls of the latest
 * message that has any, that is the first of the same tool, else the first, since results come in the order of their
 * calls. If all calls are answered, it is the latest one.
 */
function answeredBy({ open, latest }: SeenCalls, toolName: string | undefined): SeenCall {
  const parallel = open.filter(({ at }) => at === open.at(-1)!.at);
  const call = parallel.find((each) => each.toolName === toolName) ?? parallel[0];
  if (!call) return latest;
  open.splice(open.indexOf(call), 1);
  return call;
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A hash of a text as nine letters and digits: 53 bits of two hashes, the same in every process. */
function code(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b);
    low ^= low >>> 13;
  }
  let left = ((high ^ (high >>> 11)) & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
  let letters = '';
  for (let index = 0; index < 9; index++) {
    letters += digits[left % 62];
    left = Math.floor(left / 62);
  }
  return letters;
}
