import { passedWith, responseSchemaOf, toolsOf } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { mediumOf } from '../tokens/call/media.ts';
import { returnedParts } from '../tokens/call/walk-message.ts';

/** The request as a rule's predicate sees it. */
export interface RuleRequest {
  /** The options of `doGenerate` or `doStream`, as the model would get them. */
  readonly call: Call;
  /** The metadata that the application passed: `providerOptions['ai-alloy']` (ai 4: `providerMetadata`). */
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
  const mode = call['mode'] as { readonly type?: unknown } | undefined; // V1
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

/** Images and files in messages and in tool results. */
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
