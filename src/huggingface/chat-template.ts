import { isObject } from '../errors/errors.ts';
import { responseSchemaOf } from '../sdk/call.ts';
import type { Call } from '../sdk/model.ts';
import { textOf } from '../tokens/call/text-of.ts';
import { importJinja, made, type LibraryTemplate } from './library.ts';
import { type TemplateMessage, templateMessages, templateTools } from './template-messages.ts';
import type { TokenizerData } from './tokenizer-file.ts';

/** Renders a call as the text that the model reads; undefined if the template can't render it. */
export type RenderCall = (call: Call) => string | undefined;

/** Renders calls with the model's chat templates; undefined if it has none. */
export async function chatTemplate(
  name: string,
  { config, templates }: Pick<TokenizerData, 'config' | 'templates'>,
): Promise<RenderCall | undefined> {
  if (templates.size === 0) return undefined;
  const { Template } = await importJinja(name);
  const common = { ...specialTokens(config), add_generation_prompt: true };
  const byName = new Map(
    Array.from(templates, ([key, text]) => {
      const template = made(name, () => new Template(text));
      return [key, { template, takesTools: writesTools(template, common) }] as const;
    }),
  );
  const write = (call: Call): string | undefined => {
    const messages = templateMessages(call);
    const tools = templateTools(call);
    const found = (tools && byName.get('tool_use')) ?? byName.get('default');
    if (!messages || !found) return undefined;
    if (!found.takesTools && (tools ?? messages.some(isOfTools))) return undefined;
    const rendered = render(found.template, { ...common, messages, tools });
    const schema = responseSchemaOf(call);
    // Only some servers show the response schema to the model.
    return rendered === undefined || !isObject(schema) ? rendered : rendered + textOf(schema);
  };
  // Rendered once for all members. The text is kept only as long as the call.
  const written = new WeakMap<Call, { readonly text: string | undefined }>();
  return (call) => {
    const known = written.get(call) ?? { text: write(call) };
    written.set(call, known);
    return known.text;
  };
}

/**
 * Renders messages; undefined if the template rejects them, such as a system message, or two messages of one role in
 * a row.
 */
function render(template: LibraryTemplate, variables: Record<string, unknown>): string | undefined {
  try {
    return template.render(variables);
  } catch {
    return undefined;
  }
}

const isOfTools = ({ role, tool_calls: calls }: TemplateMessage): boolean =>
  role === 'tool' || calls !== undefined;

/**
 * Whether a template renders tools, tool calls and results. Some silently leave them out, and servers then insert them
 * themselves.
 */
function writesTools(template: LibraryTemplate, common: Record<string, unknown>): boolean {
  const rendered = render(template, { ...common, ...probe });
  return probedWords.every((word) => rendered?.includes(word));
}

const probedWords = ['probed_tool', 'probed_text', 'probed_argument', 'probed_result'];

/** A conversation with a tool definition, a tool call and its result. */
const probe = {
  messages: [
    { role: 'user', content: 'Hello' },
    {
      role: 'assistant',
      content: 'probed_text',
      tool_calls: [
        // Mistral's templates need an id of nine characters.
        {
          id: 'abcdefghi',
          type: 'function',
          function: { name: 'other', arguments: { key: 'probed_argument' } },
        },
      ],
    },
    { role: 'tool', tool_call_id: 'abcdefghi', name: 'other', content: 'probed_result' },
    { role: 'user', content: 'Hello' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'probed_tool',
        description: 'A tool',
        parameters: { type: 'object', properties: {} },
      },
    },
  ],
};

/** Special tokens such as `bos_token`, which templates insert: texts, or objects with a text. */
function specialTokens(config: TokenizerData['config']): Record<string, unknown> {
  const tokens = Object.entries(config).filter(([key]) => key.endsWith('_token'));
  return Object.fromEntries(
    tokens.map(([key, value]) => [key, isObject(value) ? (value as { content?: unknown }).content : value]),
  );
}
