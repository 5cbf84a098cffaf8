// `ai-alloy/load`: a gateway from a JSON, YAML or TOML file or text. YAML needs `yaml`, TOML `smol-toml`.
export { GatewayFileError } from './gateway-file-error.ts';
export {
  loadModelGateway,
  type LoadedModelGateway,
  type LoadModelGatewayOptions,
} from './load-model-gateway.ts';
export type { GatewayReload, WatchOptions } from './watch.ts';
export {
  readGatewayFile,
  type GatewayFile,
  type GatewayFormat,
  type GatewayText,
  type ReadGatewayFileOptions,
} from './read-gateway-file.ts';
export type { Environment } from './interpolate.ts';
export type { FileProblem, Path, Position } from './problem.ts';
