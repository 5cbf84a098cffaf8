import { isObject } from '../errors.ts';
import { responseSchemaOf } from '../spec/call.ts';
import type { Call } from '../spec/model.ts';
import { textOf } from '../tokens/call/text-of.ts';
import { importJinja, made, type LibraryTemplate } from './library.ts';
import { templateMessages, templateTools } from './template-messages.ts';
import type { TokenizerData } from './tokenizer-file.ts';

/** Writes a call as the model reads it; undefined for one that its template can't write. */
export type RenderCall = (call: Call) => string | undefined;

/** Writes calls with the model's chat templates; undefined if it has none. */
export async function chatTemplate(
  name: string,
  { config, templates }: Pick<TokenizerData, 'config' | 'templates'>,
): Promise<RenderCall | undefined> {
  if (templates.size === 0) return undefined;
  const { Template } = await importJinja(name);
  const byName = new Map(
    [...templates].map(([key, text]) => [key, made(name, () => new Template(text))] as const),
  );
  const common = { ...specialTokens(config), add_generation_prompt: true };
  return (call) => {
    const messages = templateMessages(call);
    const tools = templateTools(call);
    const template = (tools && byName.get('tool_use')) ?? byName.get('default');
    if (!messages || !template) return undefined;
    const rendered = render(template, { ...common, messages, tools });
    const schema = responseSchemaOf(call);
    // Servers differ in whether they show the schema to the model.
    return rendered === undefined || !isObject(schema) ? rendered : rendered + textOf(schema);
  };
}

/** Templates refuse what they don't know: a system message, two messages of one role in a row. */
function render(template: LibraryTemplate, variables: Record<string, unknown>): string | undefined {
  try {
    return template.render(variables);
  } catch {
    return undefined;
  }
}

/** `bos_token` and so on, which templates write: texts, or objects with a text. */
function specialTokens(config: TokenizerData['config']): Record<string, unknown> {
  const tokens = Object.entries(config).filter(([key]) => key.endsWith('_token'));
  return Object.fromEntries(
    tokens.map(([key, value]) => [key, isObject(value) ? (value as { content?: unknown }).content : value]),
  );
}
