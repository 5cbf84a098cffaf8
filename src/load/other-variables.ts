import { optionNames } from '../gateway/schema/table.ts';
import { camelCase } from '../gateway/plain-data.ts';
import { showName } from '../gateway/problem.ts';
import type { Path } from './problem.ts';

/** How other programs name a variable of the environment in a file. */
const syntaxes: readonly RegExp[] = [
  /^os\.environ\/(\w+)/, // LiteLLM
  /^(?:(?:process|import\.meta)\.)?(?:ENV|env|getenv|secrets?)[.:/[(]["']?([A-Z_][A-Z\d_]*)["']?[\])]?$/, // Bifrost, code
  /\{(?:env:|vault:\/\/env\/)([A-Za-z_][\w-]*)\}/, // opencode, Kong
  /\{\{ *(?:env\.|\.Env\.|env ["'])?([A-Za-z_]\w*)["']? *\}\}/, // templates
  /\$(?:env:)?\(?([A-Za-z_]\w*)/, // shells, Kubernetes, claude-code-router
  /^%(\w+)%$/, // Windows
  /^<%= *ENV\[["'](\w+)["']\] *%>$/, // Ruby
];

/** Options whose texts are people's own. */
const ownTexts: ReadonlySet<string> = new Set(['text', 'name']);

/** What to write for a variable that is named as elsewhere; undefined where a text names none, or may be meant as it is. */
export function otherVariable(text: string, path: Path): string | undefined {
  const key = camelCase(String(path.findLast((step) => typeof step === 'string')));
  // Of an unknown option, that it is none says more; and what is longer is no name.
  if (text.length > 200 || path.includes('metadata') || ownTexts.has(key) || !optionNames.has(key))
    return undefined;
  for (const syntax of syntaxes) {
    const [, name] = syntax.exec(text) ?? [];
    if (name !== undefined) return `${showName(text)}: for a variable of the environment, write \${${name}}`;
  }
  return undefined;
}
