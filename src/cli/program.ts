import { Command, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { check } from './commands/check.ts';
import { explainRequest } from './commands/explain.ts';
import { graph } from './commands/graph.ts';
import { schema } from './commands/schema.ts';
import type { GatewayOptions } from './gateway-of.ts';
import type { Outcome } from './outcome.ts';
import type { RequestOptions } from './request.ts';

/** Prints what a command has to say, as JSON or as text. */
export type Print = (outcome: Outcome, asJson: boolean) => void;

const exitCodesHelp = `
Exit codes: 0 fine; 1 problems found, or the request would be refused; 2 wrong usage.`;

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
  fileCommand(program, 'check', 'say everything that is wrong with a file, with lines and columns')
    .addHelpText(
      'after',
      `${variablesHelp}\n${exitCodesHelp}\n\nExample:\n  $ npx ai-alloy check models.yaml`,
    )
    .action(async (file: string, { json = false, ...options }: Shared) =>
      print(await check(file, options), json),
    );
}

function addExplain(program: Command, print: Print): void {
  fileCommand(program, 'explain', 'say where a request would go, and why; no model is called')
    .argument('<id>', 'what is asked, by its id in the file: smart, or dispatcher/smart')
    .addOption(
      new Option(
        '--tokens <n>',
        'a prompt of so many tokens, by the default estimator: 100000, or 100K',
      ).conflicts(['prompt', 'messages']),
    )
    .addOption(
      new Option('--prompt <file>', 'the text of a file, or of standard input: -').conflicts(['messages']),
    )
    .option('--messages <file>', 'a JSON list of messages, as generateText takes it; -: standard input')
    .option('--max-output-tokens <n>', "the call's own limit for the answer")
    .option('--metadata <key=value...>', "what the application passes in providerOptions['ai-alloy']")
    .addHelpText('after', `${variablesHelp}\n${exitCodesHelp}${explainExamples}`)
    .action(async (file: string, id: string, { json = false, ...request }: Shared & RequestOptions) =>
      print(await explainRequest(file, id, request), json),
    );
}

const explainExamples = `

Examples:
  $ npx ai-alloy explain models.yaml smart --tokens 100K
  $ npx ai-alloy explain models.yaml smart --prompt question.txt --metadata tier=gold
  $ cat messages.json | npx ai-alloy explain models.yaml smart --messages - --json`;

function addGraph(program: Command, print: Print): void {
  fileCommand(program, 'graph', 'draw the gateway of a file as a Mermaid flowchart')
    .addHelpText(
      'after',
      `${variablesHelp}\n${exitCodesHelp}\n\nExample:\n  $ npx ai-alloy graph models.yaml > models.mmd`,
    )
    .action(async (file: string, { json = false, ...options }: Shared) =>
      print(await graph(file, options), json),
    );
}

function addSchema(program: Command, print: Print): void {
  command(program, 'schema', 'print the JSON Schema of a file, for editors')
    .addHelpText('after', `${exitCodesHelp}\n\nExample:\n  $ npx ai-alloy schema > gateway.schema.json`)
    .action(({ json = false }: Shared) => print(schema(), json));
}

function command(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).option('--json', 'print JSON, for programs');
}

/** A command that reads a gateway's file. */
function fileCommand(program: Command, name: string, description: string): Command {
  const undeclared = new Option('--undeclared <how>', 'what references to models that are not declared are')
    .choices(['error', 'ai-sdk'])
    .default('error');
  return command(program, name, description)
    .argument('<file>', 'a .json, .yaml, .yml or .toml file')
    .addOption(undeclared);
}
