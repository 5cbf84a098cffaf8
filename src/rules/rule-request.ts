import { passedWith, responseSchemaOf, toolsOf } from '../spec/call.ts';
import type { Call } from '../spec/model.ts';
import { mediumOf } from '../tokens/call/media.ts';
import { returnedParts } from '../tokens/call/walk-call.ts';

/** What a rule's predicate is told of a request. */
export interface RuleRequest {
  /** The call as the model would get it. */
  readonly call: Call;
  /** What the application passed in `providerOptions['ai-alloy']`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The text of the last user message. */
  readonly text: string;
  readonly hasTools: boolean;
  readonly hasImages: boolean;
  readonly hasFiles: boolean;
  readonly responseFormat: 'text' | 'json';
}

export function ruleRequest(call: Call): RuleRequest {
  const kinds = partsOf(call).map((part) => mediumOf(part).kind);
  const mode = call['mode'] as { readonly type?: unknown } | undefined; // V1's
  const isObject = String(mode?.type).startsWith('object');
  const { type } = Object(call['responseFormat']) as { readonly type?: unknown };
  const isJson = isObject || type === 'json' || responseSchemaOf(call) !== undefined;
  return {
    call,
    metadata: passedWith(call),
    text: lastTextOf(call),
    hasTools: toolsOf(call).length > 0,
    hasImages: kinds.includes('image'),
    hasFiles: kinds.some((kind) => kind !== 'image'),
    responseFormat: isJson ? 'json' : 'text',
  };
}

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

/** The media in messages, and in what tools returned. */
function partsOf({ prompt }: Call): readonly Part[] {
  const parts = prompt.flatMap(({ content }) => (typeof content === 'string' ? [] : (content as Part[])));
  const returned = parts.flatMap((part) =>
    part['type'] === 'tool-result' ? (returnedParts(part) ?? []) : [],
  );
  return [...parts, ...returned].filter(({ type }) => /^(file|image|media)/.test(type));
}

function lastTextOf({ prompt }: Call): string {
  const content = prompt.findLast(({ role }) => role === 'user')?.content ?? '';
  if (typeof content === 'string') return content;
  return content
    .map((part) => part as { readonly type?: unknown; readonly text?: unknown })
    .map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
    .join('\n');
}
