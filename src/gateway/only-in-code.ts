import { allOptions } from '../options/all.ts';
import { gateway } from '../options/gateway.ts';
import { adviceFor } from './other-words.ts';
import { optionNames } from './schema/table.ts';

/** Options that a gateway takes in code under another name, for all that it declares. */
const gatewayNames: Readonly<Record<string, string>> = { session: 'sessionStore', store: 'cooldownStore' };

/** Options of primitives, members, rules and conditions that data doesn't have, since they take functions or stores. */
function namesInCode(): ReadonlySet<string> {
  const all = Object.values(allOptions()).flatMap(({ options }) => Object.keys(options));
  return new Set(all.filter((name) => !optionNames.has(name)));
}

/** Made when it is first needed, after the schema has named its options. */
let known: ReadonlySet<string> | undefined;

/** What to do about an option that data doesn't have, but code has; undefined for all others. */
export function onlyInCode(key: string): string | undefined {
  const option = Object.hasOwn(gatewayNames, key) ? gatewayNames[key]! : key;
  if (Object.hasOwn(gateway, option) && adviceFor(key) === undefined)
    return `only in code: pass ${option} to loadModelGateway or createModelGateway`;
  if (key === 'onDecision') return 'only in code: call onDecision of ai-alloy, which reports every call';
  known ??= namesInCode();
  return known.has(key)
    ? 'only in code: make an alloy, cascade or dispatcher there, whose members are gateway.languageModel(id)'
    : undefined;
}
