// `ai-alloy/gateway`: models, alloys, cascades and dispatchers declared as data. Needs zod to be installed.
export { createModelGateway, type ModelGateway, type ModelGatewayOptions } from './create-model-gateway.ts';
export { parseGatewayConfig, type ParsedGatewayConfig } from './parse-gateway-config.ts';
export { gatewayJsonSchema } from './json-schema.ts';
export { formatPath, GatewayConfigurationError, type GatewayProblem } from './problem.ts';
export type { GatewayData } from './data.ts';
export type { GatewayId } from './ids.ts';
export type { GatewayProviders, ModelSource } from './providers.ts';
export type {
  AlloyConfig,
  CascadeConfig,
  ConstituentConfig,
  CountingConfig,
  DispatcherConfig,
  GatewayConfig,
  MemberConfig,
  ModelConfig,
  ModelDefaultsConfig,
  ModelOptionsConfig,
  ModelShortcutConfig,
  RuleConfig,
  TokenizerConfig,
} from './config.ts';
