// Writes gateway.schema.json, the JSON Schema of a declared gateway, from the built package.
import { writeFileSync } from 'node:fs';
import { gatewayJsonSchema } from '../dist/gateway/index.js';

const file = new URL('../gateway.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(gatewayJsonSchema(), undefined, 2)}\n`);
