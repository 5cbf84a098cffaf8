import { passedWith } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { carriedBy } from '../tokens/call/carried.ts';

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
  const { tools, images, files, json } = carriedBy(call);
  return {
    call,
    metadata: passedWith(call),
    text: lastTextOf(call),
    hasTools: tools,
    hasImages: images,
    hasFiles: files,
    responseFormat: json ? 'json' : 'text',
  };
}

function lastTextOf({ prompt }: Call): string {
  const content = prompt.findLast(({ role }) => role === 'user')?.content ?? '';
  if (typeof content === 'string') return content;
  return content
    .map((part) => part as { readonly type?: unknown; readonly text?: unknown })
    .map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
    .join('\n');
}
