import { supports } from '../options/call-settings.ts';
import type { Capability } from '../tokens/call/carried.ts';
import type { Member } from './router.ts';

/**
 * What a member supports; each is true unless said. A request that carries what the member lacks passes it over.
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, type Supports } from 'ai-alloy';
 *
 * const textOnly: Supports = { images: false, files: false };
 *
 * export const model = cascade({
 *   steps: [openai('gpt-5'), { model: openai.chat('my-text-model'), supports: textOnly }],
 * });
 * ```
 */
export interface Supports {
  /** Whether the model takes tools. @default true */
  readonly tools?: boolean | undefined;
  /** Whether the model takes images, in messages and in tool results. @default true */
  readonly images?: boolean | undefined;
  /** Whether the model takes other files: PDFs, recordings, text files. @default true */
  readonly files?: boolean | undefined;
  /** Whether the model can be asked for JSON by the call's response format. @default true */
  readonly json?: boolean | undefined;
}

const capabilities = Object.keys(supports) as (keyof Supports)[];

/** What is missing, by a member's `supports`; undefined if nothing. */
export function lacksOf(said: Supports | undefined): readonly Capability[] | undefined {
  const lacks = said && capabilities.filter((name) => said[name] === false);
  return lacks?.length ? lacks : undefined;
}

/**
 * Whether a member lacks something, by its `supports` or as a primitive: a cascade or dispatcher lacks what all of its
 * members lack, an alloy what one of them does.
 *
 * @param surely whether a member with a `transform`, which may leave out what it lacks, is taken not to lack it
 */
export function isLacking(
  { lacks, resolved, transforms }: Member,
  name: Capability,
  surely = false,
): boolean {
  if (surely && transforms) return false;
  if (lacks?.includes(name)) return true;
  const inner = resolved?.router;
  if (!inner) return false;
  const areLacking = inner.planner.needs === 'every' ? 'some' : 'every';
  return inner.members[areLacking]((each) => isLacking(each, name, surely));
}
