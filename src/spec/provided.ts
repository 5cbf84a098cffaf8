/** What tells which provider package a model is of: the model itself, or what is known of one. */
export interface Provided {
  readonly specificationVersion?: string;
  readonly provider?: string;
  readonly modelId?: string;
}

/**
 * Whether a model is one of `@ai-sdk/anthropic`, by its default name, by that which the command line has for it, or, as
 * with `createAnthropic({ name })`, by its class (AnthropicMessagesLanguageModel up to 3.x, AnthropicLanguageModel in
 * 4.x), which tells nothing once it is minified.
 */
export function isOfAnthropicPackage(model: Provided): boolean {
  if (/(?:^|\.)anthropic(?:\.messages)?$/.test(model.provider ?? '')) return true;
  return /^Anthropic\w*LanguageModel$/.test(model.constructor?.name ?? '');
}
