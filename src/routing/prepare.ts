import { check, foundSecret } from '../errors/errors.ts';
import { at, type Place } from '../errors/place.ts';
import { settings as callSettings } from '../options/call-settings.ts';
import { metadataKey } from '../decision-of.ts';
import type { OptionTable } from '../options/kinds.ts';
import { namesInV1, settingsFor, type CallSettings } from '../sdk/call-settings.ts';
import type { Call, ModelCall } from '../sdk/model.ts';
import { nativeVersion } from '../sdk/native.ts';
import type { NamedMembers } from './named.ts';
import { copyOf, acceptedCall } from './own-call.ts';
import { parseSize, type TokenSize } from '../tokens/size.ts';

/**
 * Settings for calls of a member that leave them open.
 *
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic';
 * import { openai } from '@ai-sdk/openai';
 * import { cascade, type MemberSettings } from 'ai-alloy';
 *
 * const careful: MemberSettings = { temperature: 0.2, maxOutputTokens: 2_000 };
 *
 * export const model = cascade({
 *   steps: [
 *     { model: anthropic('claude-sonnet-4-5'), settings: careful },
 *     { model: openai('gpt-5'), settings: { providerOptions: { openai: { store: false } } } },
 *   ],
 * });
 * ```
 */
export interface MemberSettings extends Omit<CallSettings, 'maxOutputTokens'> {
  /** The most tokens of an answer, reserved as its output budget: a number, or a text such as `'8K'`. */
  readonly maxOutputTokens?: TokenSize | undefined;
}

/**
 * Changes a call before a member gets it. It gets a copy, of which it may change everything but binary data, and
 * returns that or another call. The `abortSignal` stays the call's own.
 */
export type Transform = (call: ModelCall) => ModelCall | PromiseLike<ModelCall>;

/** Makes the call that a member is sent out of the one that its primitive got. */
export type Prepare = (call: Call) => Call | Promise<Call>;

/**
 * What a member's `settings` and `transform` do to a call, in this order; undefined if it has neither.
 *
 * @param limit the member's `maxOutputTokens`
 */
export function prepareOf(
  place: Place,
  { settings, transform }: { readonly settings?: MemberSettings; readonly transform?: Transform },
  limit?: number,
): Prepare | undefined {
  const fill = settings && settingsFor(parseSettings(at(place, 'settings'), settings, limit));
  if (!transform) return fill;
  const option = at(place, 'transform');
  const returned = { ...option, label: `${option.label}(call)` };
  return (call) => {
    const own = copyOf(fill ? fill(call) : call);
    const made: unknown = transform(own as unknown as ModelCall);
    const accept = (changed: unknown): Call => acceptedCall(changed, call, returned);
    const isPromise = typeof (Object(made) as Partial<PromiseLike<unknown>>).then === 'function';
    return isPromise ? Promise.resolve(made).then(accept) : accept(made);
  };
}

/** Rejects a setting of calls that is written beside the model, and not in `settings`; also by its name in ai 4. */
export function assertNoSetting(place: Place, member: object, table: OptionTable): void {
  for (const [name, value] of Object.entries(Object(member) as object)) {
    if (Object.hasOwn(table, name)) continue;
    const setting = Object.keys(callSettings).find((each) => each === name || namesInV1[each] === name);
    const remedy = `a setting of calls belongs into settings: { ${setting}: … }`;
    check(setting === undefined, at(place, name), foundSecret(value), remedy);
  }
}

/** The settings as calls have them. A copy, so that the application may go on to change its own object. */
function parseSettings(place: Place, settings: MemberSettings, limit = Infinity): CallSettings {
  const { maxOutputTokens, ...rest } = copyOf(settings);
  const isKnown = rest.reasoning === undefined || nativeVersion() === 'v4';
  check(isKnown, at(place, 'reasoning'), rest.reasoning, 'it needs ai 7: use providerOptions');
  assertNamesNobody(at(at(place, 'providerOptions'), metadataKey), rest.providerOptions?.[metadataKey]);
  if (maxOutputTokens === undefined) return rest;
  const option = at(place, 'maxOutputTokens');
  const tokens = parseSize(option, maxOutputTokens);
  const remedy = `settings ask for more output than the model's maxOutputTokens, ${limit}: lower one of the two`;
  check(tokens <= limit, option, maxOutputTokens, remedy);
  return { ...rest, maxOutputTokens: tokens };
}

/** Rejects members that are named to use or to leave out: only a call can do that. */
function assertNamesNobody(place: Place, passed: NamedMembers = {}): void {
  for (const name of ['only', 'except'] as const) {
    const remedy = `${name} has no effect in settings: pass it with each call, in providerOptions['${metadataKey}']`;
    check(passed[name] == null, at(place, name), foundSecret(passed[name]), remedy);
  }
}
