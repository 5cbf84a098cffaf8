import { Command, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { check } from './commands/check.ts';
import { explainRequest, type ExplainRequestOptions } from './commands/explain.ts';
import { graph } from './commands/graph.ts';
import { schema } from './commands/schema.ts';
import type { GatewayOptions } from '../inspect/read-gateway.ts';
import type { Outcome } from './outcome.ts';

/** Prints the outcome of a command, as JSON or as text. */
export type Print = (outcome: Outcome, asJson: boolean) => void;

const exitCodesHelp = `
Exit codes: 0 fine; 1 problems found, or the request would be refused; 2 wrong usage, or a file that can't be read.
With --json, stdout says all as JSON; of 2: { "ok": false, "error": { "message": "…" } }.`;

const variablesHelp = `
\${NAME} and \${NAME:-default} in the file stand for environment variables.`;

interface Shared extends GatewayOptions {
  readonly json?: boolean;
}

/** The commands, their options and their help. */
export function createProgram(print: Print): Command {
  const program = new Command('ai-alloy')
    .description('Checks, explains and draws gateways that are declared in a JSON, YAML or TOML file.')
    .version(packageJson.version)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for how to use it)')
    .addHelpText('after', `${exitCodesHelp}\nNo command calls a model, or needs a key.`);
  addCheck(program, print);
  addExplain(program, print);
  addGraph(program, print);
  addSchema(program, print);
  return program;
}

function addCheck(program: Command, print: Print): void {
  fileCommand(program, 'check', 'list everything that is wrong with a file, with lines and columns')
    .addHelpText('after', `${variablesHelp}\n${exitCodesHelp}${checkExamples}`)
    .action(async (file: string, { json = false, ...options }: Shared) =>
      print(await check(file, options), json),
    );
}

const checkExamples = `

Examples:
  $ npx ai-alloy check models.yaml
  $ npx ai-alloy check models.yaml --undeclared ai-sdk --json`;

function addExplain(program: Command, print: Print): void {
  const option = (flags: string, description: string, ...conflicts: string[]): Option =>
    new Option(flags, description).conflicts(conflicts);
  const said = ['prompt', 'messages', 'request'];
  const whole = ['messages', 'request'];
  fileCommand(program, 'explain', 'show where a request would go, and why; no model is called')
    .argument('<id>', 'the model or primitive to explain, by its id in the file: smart, or dispatcher/smart')
    .addOption(
      option('--tokens <n>', 'a prompt of so many tokens by the default estimator: 100000, or 100K', ...said),
    )
    .addOption(option('--text <text>', 'the text of a prompt, or how one of --tokens begins', ...said))
    .addOption(option('--prompt <file>', 'the text of a file, or of standard input: -', ...whole))
    .addOption(option('--messages <file>', 'a JSON list of messages; -: standard input', 'request'))
    .option('--request <file>', 'a JSON object of what generateText takes; -: standard input')
    .addOption(option('--has-images', 'add a small image after the text', ...whole))
    .addOption(option('--has-files', 'add a small PDF after the text', ...whole))
    .option('--has-tools', 'add a tool without parameters')
    .addOption(
      new Option('--response-format <format>', 'the response format of the call').choices(['text', 'json']),
    )
    .option('--max-output-tokens <n>', "the call's own limit for the answer: 500, or 8K")
    .addOption(
      new Option(
        '--metadata <key=value>',
        "what the application passes in providerOptions['ai-alloy']; once for each key",
      ).argParser(collected),
    )
    .addOption(
      new Option('--only <id>', 'a member that the call may use; once for each').argParser(collected),
    )
    .addOption(
      new Option('--except <id>', 'a member that the call leaves out; once for each').argParser(collected),
    )
    .option('--at <time>', 'the time to assume, for rules with between: 2026-01-31T23:30Z (default: now)')
    .option('--html <file>', 'also write it as a page with a picture, which needs no other file')
    .option('--open', 'also open that page in the browser; without --html, it is a temporary file')
    .addHelpText('after', `${explainDetails}${variablesHelp}\n${exitCodesHelp}${explainExamples}`)
    .action(async (file: string, id: string, { json = false, ...request }: Shared & ExplainRequestOptions) =>
      print(await explainRequest(file, id, request), json),
    );
}

const collected = (entry: string, entries: readonly string[] = []): readonly string[] => [...entries, entry];

const explainDetails = `
The request is one of --tokens, --text (or both: a text, made so long), --prompt, --messages and --request; the other
options add to it. What --has-images, --has-files and --has-tools add counts beside --tokens.

--metadata: values as in JSON, other text as it stands. seats=5 is a number, vip=true a boolean, tier=gold a string, and
so is 'tier="1"', with the quotes: rules tell "1" from 1.

--messages: [{ "role": "user", "content": "Hello!" }], or those of useChat, with "parts".
--request: { "prompt": "Hello!" or "messages": […], "system": "…", "tools": { "search": { "inputSchema": { … } } },
  "responseFormat": { "type": "json", "schema": { … } }, "maxOutputTokens": 500, "providerOptions": { … } }
`;

const explainExamples = `

Examples:
  $ npx ai-alloy explain models.yaml smart --tokens 100K
  $ npx ai-alloy explain models.yaml smart --tokens 2K --has-tools --has-files --metadata tier=gold --metadata seats=5
  $ npx ai-alloy explain models.yaml smart --text "refund, please" --response-format json --at 2026-01-31T23:30Z
  $ npx ai-alloy explain models.yaml smart --prompt question.txt --has-images --max-output-tokens 8K
  $ npx ai-alloy explain models.yaml smart --tokens 2K --only blend --except google/gemini-2.5-flash
  $ cat messages.json | npx ai-alloy explain models.yaml smart --messages - --json
  $ npx ai-alloy explain models.yaml smart --request request.json --undeclared ai-sdk
  $ npx ai-alloy explain models.yaml smart --tokens 100K --html smart.html
  $ npx ai-alloy explain models.yaml smart --tokens 100K --open`;

function addGraph(program: Command, print: Print): void {
  fileCommand(program, 'graph', 'draw the gateway of a file as a Mermaid flowchart')
    .addHelpText('after', `${variablesHelp}\n${exitCodesHelp}${graphExamples}`)
    .action(async (file: string, { json = false, ...options }: Shared) =>
      print(await graph(file, options), json),
    );
}

const graphExamples = `

Examples:
  $ npx ai-alloy graph models.yaml > models.mmd
  $ npx ai-alloy graph models.yaml --undeclared ai-sdk --json`;

function addSchema(program: Command, print: Print): void {
  command(program, 'schema', 'print the JSON Schema of a file, for editors')
    .addHelpText('after', `${exitCodesHelp}${schemaExamples}`)
    .action(({ json = false }: Shared) => print(schema(), json));
}

const schemaExamples = `

Examples:
  $ npx ai-alloy schema > gateway.schema.json
  $ npx ai-alloy schema --json`;

function command(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).option('--json', 'print JSON, for programs');
}

/** A command that reads a gateway's file. */
function fileCommand(program: Command, name: string, description: string): Command {
  const undeclared = new Option(
    '--undeclared <how>',
    'whether a reference to an undeclared model is an error, or is left to the AI SDK',
  )
    .choices(['error', 'ai-sdk'])
    .default('error');
  return command(program, name, description)
    .argument('<file>', 'a .json, .yaml, .yml or .toml file')
    .addOption(undeclared);
}
