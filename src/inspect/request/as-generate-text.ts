import * as ai from 'ai';
import { UsageError } from '../usage-error.ts';
import { assertTable, shown } from './input.ts';
import { messagesOf } from './messages.ts';

/** The options that routing looks at, and those that it accepts but ignores. */
const routing = [
  'prompt',
  'messages',
  'system',
  'instructions',
  'tools',
  'responseFormat',
  'maxOutputTokens',
  'providerOptions',
];
const others = [
  'toolChoice',
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
];

/** Options for the installed `generateText` from a request in JSON; `where` names the request in errors. */
export async function asGenerateText(where: string, request: object): Promise<object> {
  for (const name of Object.keys(request)) {
    if ([...routing, ...others].includes(name)) continue;
    throw new UsageError(`${where}.${name}: there is no such option here, only ${routing.join(', ')}`);
  }
  const { messages, tools, responseFormat, maxOutputTokens, instructions, ...rest } = request as Readonly<
    Record<string, unknown>
  >;
  const { prompt, system = instructions, providerOptions = {} } = rest;
  if ((prompt === undefined) === (messages === undefined)) {
    throw new UsageError(`${where}: pass a prompt or messages, one of the two`);
  }
  const optionsShape = 'use { "ai-alloy": { "tier": "gold" } }';
  assertTable(`${where}.providerOptions`, providerOptions, optionsShape);
  for (const [name, own] of Object.entries(providerOptions)) {
    assertTable(`${where}.providerOptions.${name}`, own, optionsShape);
  }
  for (const [name, text] of Object.entries({ prompt, system })) {
    if (text === undefined || typeof text === 'string') continue;
    throw new UsageError(`${where}.${name} is ${shown(text)}: use a text`);
  }
  return {
    ...rest,
    // An application may allow system messages within `messages`. Without this, ai 6 warns of them and ai 7 refuses them.
    allowSystemInMessages: true,
    ...(messages !== undefined && { messages: await messagesOf(`${where}.messages`, messages) }),
    ...(system !== undefined && { system }),
    ...(tools !== undefined && { tools: toolsOf(`${where}.tools`, tools) }),
    ...(responseFormat !== undefined && outputOf(`${where}.responseFormat`, responseFormat)),
    // ai 4 calls the option maxTokens.
    ...(maxOutputTokens !== undefined && { maxOutputTokens, maxTokens: maxOutputTokens }),
  };
}

/** Tools by their names. Their schema is called `parameters` in ai 4. */
function toolsOf(where: string, tools: unknown): object {
  assertTable(
    where,
    tools,
    'use tools by their names: { "search": { "description": "…", "inputSchema": { … } } }',
  );
  const entries = Object.entries(tools).map(([name, tool]) => {
    const at = `${where}.${name}`;
    assertTable(at, tool, 'use { "description": "…", "inputSchema": { … } }');
    const { inputSchema, parameters = inputSchema ?? { type: 'object', properties: {} }, ...rest } = tool;
    assertTable(
      `${at}.inputSchema`,
      parameters,
      'use a JSON Schema: { "type": "object", "properties": { … } }',
    );
    const schema = ai.jsonSchema(parameters);
    return [name, { ...rest, inputSchema: schema, parameters: schema }] as const;
  });
  return Object.fromEntries(entries);
}

/** The setting that makes `generateText` ask for JSON. */
function outputOf(where: string, format: unknown): object {
  const { type, schema = { type: 'object' } } = Object(format) as Record<string, unknown>;
  if (type === 'text') return {};
  if (type !== 'json')
    throw new UsageError(`${where} is ${shown(format)}: use { "type": "json" } or { "type": "text" }`);
  assertTable(`${where}.schema`, schema, 'use a JSON Schema: { "type": "object", "properties": { … } }');
  const output = ai.Output.object({ schema: ai.jsonSchema(schema) });
  return { output, experimental_output: output }; // ai 4 and 5 know the latter
}
