import type { GatewayFormat } from '../../src/load/read-gateway-file.ts';

/** The format that a text is probably in. */
export function formatOf(text: string): GatewayFormat {
  if (/^\s*\{/.test(text)) return 'json';
  return /^\s*(\[{1,2}[\w.-]+\]{1,2}|[\w.-]+\s*=)/m.test(text) ? 'toml' : 'yaml';
}
