import type { Candidate } from '../../decision.ts';
import { asksForObject, responseSchemaOf, toolsOf } from '../../sdk/call.ts';
import type { Call } from '../../sdk/model.ts';
import { mediumOf } from './media.ts';
import { returnedParts } from './walk-message.ts';

/** What a request may carry and a model may lack. */
export type Capability = NonNullable<Candidate['lacks']>[number];

/** What a call carries. */
export type Carried = Readonly<Record<Capability, boolean>>;

type Part = Readonly<Record<string, any>>; // parts of four specifications, read by shape

/** What a call carries: tools, a response format of JSON, and images and other files in messages and tool results. */
export function carriedBy(call: Call): Carried {
  const found = { images: false, files: false };
  for (const { content } of call.prompt) {
    if (typeof content !== 'string') for (const part of content ?? []) look(part as Part, found);
  }
  return {
    ...found,
    tools: toolsOf(call).length > 0,
    json: asksForObject(call) || responseSchemaOf(call) !== undefined,
  };
}

function look(part: Part, found: { images: boolean; files: boolean }): void {
  const { type } = part;
  if (type === 'tool-result') for (const item of returnedParts(part) ?? []) look(item, found);
  // Not reasoning-file: no model is sent what another one has reasoned.
  else if (/^(file|image|media)/.test(type))
    found[mediumOf(part).kind === 'image' ? 'images' : 'files'] = true;
}
