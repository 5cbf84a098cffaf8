// In Node, Bun and Deno: prints what the smoke test finds, as one line of JSON.
import { inspect } from 'node:util';
import { smoke } from './smoke.mjs';

const { Bun, Deno } = globalThis;
const print = Bun?.inspect ?? Deno?.inspect ?? inspect;
console.log(`results: ${JSON.stringify(await smoke(process.argv[2], print))}`);
process.exit();
