import { isObject } from '../errors.ts';
import { responseSchemaOf } from '../spec/call.ts';
import type { Call } from '../spec/model.ts';
import { textOf } from '../tokens/call/text-of.ts';
import { importJinja, made, type LibraryTemplate } from './library.ts';
import { type TemplateMessage, templateMessages, templateTools } from './template-messages.ts';
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
    // Servers differ in whether they show the schema to the model.
    return rendered === undefined || !isObject(schema) ? rendered : rendered + textOf(schema);
  };
  // Once for all members; a call takes its text with it.
  const written = new WeakMap<Call, { readonly text: string | undefined }>();
  return (call) => {
    const known = written.get(call) ?? { text: write(call) };
    written.set(call, known);
    return known.text;
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

const isOfTools = ({ role, tool_calls: calls }: TemplateMessage): boolean =>
  role === 'tool' || calls !== undefined;

/**
 * Whether a template writes tools, calls and results. Some leave them out without a word; servers then put them somewhere
 * themselves.
 */
function writesTools(template: LibraryTemplate, common: Record<string, unknown>): boolean {
  const rendered = render(template, { ...common, ...probe });
  return probedWords.every((word) => rendered?.includes(word));
}

const probedWords = ['probed_tool', 'probed_text', 'probed_argument', 'probed_result'];

/** A conversation of all that there is about tools. */
const probe = {
  messages: [
    { role: 'user', content: 'Hello' },
    {
      role: 'assistant',
      content: 'probed_text',
      tool_calls: [
        // Mistral's templates want an id of nine characters.
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

/** `bos_token` and so on, which templates write: texts, or objects with a text. */
function specialTokens(config: TokenizerData['config']): Record<string, unknown> {
  const tokens = Object.entries(config).filter(([key]) => key.endsWith('_token'));
  return Object.fromEntries(
    tokens.map(([key, value]) => [key, isObject(value) ? (value as { content?: unknown }).content : value]),
  );
}
