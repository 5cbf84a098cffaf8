/** What identifies the provider package of a model: the model itself, or some of its properties. */
export interface Provided {
  readonly specificationVersion?: string;
  readonly provider?: string;
  readonly modelId?: string;
}

/**
 * Whether a model is from `@ai-sdk/anthropic`. It is recognised by the provider's default name, by the name that the
 * command line uses for it, or, with `createAnthropic({ name })`, by its class (AnthropicMessagesLanguageModel up to
 * 3.x, AnthropicLanguageModel in 4.x), unless the code is minified.
 */
export function isOfAnthropicPackage(model: Provided): boolean {
  if (/(?:^|\.)anthropic(?:\.messages)?$/.test(model.provider ?? '')) return true;
  return /^Anthropic\w*LanguageModel$/.test(model.constructor?.name ?? '');
}
