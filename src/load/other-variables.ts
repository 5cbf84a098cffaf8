import { optionNames } from '../gateway/schema/table.ts';
import { camelCase } from '../gateway/plain-data.ts';
import { showName } from '../gateway/problem.ts';
import type { Path } from './problem.ts';

/** How other programs write an environment variable in a file. */
const syntaxes: readonly RegExp[] = [
  /^os\.environ\/(\w+)/, // LiteLLM
  /^(?:(?:process|import\.meta)\.)?(?:ENV|env|getenv|secrets?)[.:/[(]["']?([A-Z_][A-Z\d_]*)["']?[\])]?$/, // Bifrost, code
  /\{(?:env:|vault:\/\/env\/)([A-Za-z_][\w-]*)\}/, // opencode, Kong
  /\{\{ *(?:env\.|\.Env\.|env ["'])?([A-Za-z_]\w*)["']? *\}\}/, // templates
  /\$(?:env:)?\(?([A-Za-z_]\w*)/, // shells, Kubernetes, claude-code-router
  /^%(\w+)%$/, // Windows
  /^<%= *ENV\[["'](\w+)["']\] *%>$/, // Ruby
];

/** Options with free text, which may contain such words. */
const ownTexts: ReadonlySet<string> = new Set(['text', 'name']);

/** A remedy for a text that uses another program's syntax for a variable; undefined for any other text. */
export function otherVariable(text: string, path: Path): string | undefined {
  const key = camelCase(String(path.findLast((step) => typeof step === 'string')));
  // An unknown option is reported as such. A longer text isn't the name of a variable.
  if (text.length > 200 || path.includes('metadata') || ownTexts.has(key) || !optionNames.has(key))
    return undefined;
  for (const syntax of syntaxes) {
    const [, name] = syntax.exec(text) ?? [];
    if (name !== undefined) return `${showName(text)}: for a variable of the environment, write \${${name}}`;
  }
  return undefined;
}
