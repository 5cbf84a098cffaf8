export { alloy } from './alloy.ts';
export type { AlloyConstituent, AlloyOptions, NestedConstituent } from './alloy.ts';
export { cascade } from './cascade.ts';
export type { CascadeOptions, CascadeStep } from './cascade.ts';
export { dispatcher } from './dispatcher.ts';
export type { DispatcherOptions, DispatcherTarget } from './dispatcher.ts';
export { fitCheck } from './fit-check.ts';
export type { FitCheckMiddleware } from './fit-check.ts';
export { explain } from './explain.ts';
export type { ExplainOptions } from './explain.ts';
export { decisionOf } from './decision-of.ts';
export { reset, statusOf } from './status.ts';
export type { MemberStatus, ModelStatus, ResetOptions } from './status.ts';
export { onDecision } from './on-decision.ts';
export { charRatio } from './tokens/estimators/char-ratio.ts';
export { byteRatio } from './tokens/estimators/byte-ratio.ts';
export { scriptAware } from './tokens/estimators/script-aware.ts';
export { seededRandom } from './seeded-random.ts';
export { failureOf } from './faults/failure.ts';
export { defaultFallThroughOn } from './options/kinds.ts';
export { recommended } from './options/recommended.ts';
export type { Recommended } from './options/recommended.ts';
export {
  AiAlloyError,
  AllAttemptsFailedError,
  ContextWindowExceededError,
  InvalidConfigurationError,
} from './errors/errors.ts';
export { UnsupportedRequestError } from './errors/unsupported-request-error.ts';
export { NoRuleMatchedError } from './errors/no-rule-matched-error.ts';
export { AnswerRejectedError } from './errors/answer-rejected-error.ts';
export { AttemptTimeoutError } from './errors/attempt-timeout-error.ts';
export { PromptTruncatedError } from './errors/prompt-truncated-error.ts';
export type {
  Attempt,
  Candidate,
  Deadline,
  Decision,
  DecisionListener,
  Demand,
  FailureKind,
  Metadata,
  MetadataValue,
  ReportedDecision,
  TokenUsage,
} from './decision.ts';
export type { AttemptOptions } from './faults/attempt-options.ts';
export type { CooldownOptions } from './stores/cooldown.ts';
export type { KeyValueStore } from './stores/key-value-store.ts';
export type { Failure } from './faults/failure.ts';
export type { DispatcherRule, RuleConditions, RuleContext, RulePredicate } from './rules/rule.ts';
export type { RuleRequest } from './rules/rule-request.ts';
export type { MemberOptions } from './routing/member.ts';
export type { MemberSettings, Transform } from './routing/prepare.ts';
export type { Supports } from './routing/supports.ts';
export type { NamedOrder, OrderFunction, RankedCandidate } from './routing/ranking.ts';
export type { Price } from './price.ts';
export type { SessionOptions } from './stores/sessions.ts';
export type { AcceptAnswer, AnswerVerdict, SharedOptions, Shorten } from './routing/options.ts';
export type { Answer, AnsweredToolCall } from './sdk/answer.ts';
export type { Call, Message, ModelCall, ModelReference, RoutingModel } from './sdk/model.ts';
export type { EstimatorOption, EstimatorSettings, TokenEstimator } from './tokens/estimator.ts';
export type { SizeOptions } from './tokens/fit.ts';
export type { MediaModel, MediaTokens, Medium } from './tokens/call/media.ts';
export type { Tokenizer, Vendor, VendorOption } from './tokens/vendor.ts';
export type { TokenSize } from './tokens/size.ts';
