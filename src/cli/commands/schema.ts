import { gatewayJsonSchema } from '../../gateway/index.ts';
import type { Outcome } from '../outcome.ts';

/** The JSON Schema of a gateway's file. */
export function schema(): Outcome {
  const json = gatewayJsonSchema();
  return { text: JSON.stringify(json, null, 2), json, code: 0 };
}
