import rfc from '../../examples/gateway/models.toml?raw';
import readme from '../examples/readme.yaml?raw';
import rules from '../examples/rules.json?raw';
import type { GatewayFormat } from '../../src/load/read-gateway-file.ts';

/** A gateway to start from. */
export interface Example {
  readonly name: string;
  readonly label: string;
  readonly format: GatewayFormat;
  readonly text: string;
  /** A request that shows what it is about. */
  readonly tokens: number;
}

export const examples: readonly [Example, ...Example[]] = [
  { name: 'readme', label: 'The README’s', format: 'yaml', text: readme, tokens: 40_000 },
  { name: 'rules', label: 'Rules and prices', format: 'json', text: rules, tokens: 4_000 },
  { name: 'rfc', label: 'The RFC’s', format: 'toml', text: rfc, tokens: 40_000 },
];
