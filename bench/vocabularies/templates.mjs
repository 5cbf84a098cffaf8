// What the chat templates of open models make of a call, in tokens.
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import { messagesOf, toolsOf } from './calls.mjs';
import { readTokenizer } from './vocabularies.mjs';

/** Vendors whose template npm brings, and the package that does. */
export const templates = {
  qwen: 'qwen3',
  llama: 'llama3_2',
  gemma: 'gemma3',
  deepseek: 'deepseek_v3',
  mistral: 'mistral_nemo',
};

/** Exact counts for one vendor: of a text, and of a call as its template writes it, special tokens included. */
export function templateOf(vendor) {
  const config = readTokenizer(templates[vendor], 'tokenizer_config.json');
  const tokenizer = new Tokenizer(readTokenizer(templates[vendor]), config);
  const count = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  const template = new Template(config.chat_template);
  const tokenOf = (token) => token?.content ?? token ?? '';
  return {
    count,
    countCall({ prompt, tools }) {
      const messages = adapted[vendor]?.(messagesOf(prompt), tools) ?? messagesOf(prompt);
      const context = {
        messages,
        add_generation_prompt: true,
        bos_token: tokenOf(config.bos_token),
        eos_token: tokenOf(config.eos_token),
        date_string: '26 Nov 2026',
        ...(tools.length > 0 && { tools: toolsOf(tools) }),
      };
      return count(template.render(context));
    },
  };
}

// Of what templates don't take, what is written in their stead by the servers.
const adapted = {
  // Arguments as text, and no content beside calls. Of tools it writes no definitions: these are in the words of
  // DeepSeek's own (the model card of V3.1).
  deepseek(messages, tools) {
    const own = messages.map((message) =>
      message.tool_calls
        ? {
            ...message,
            content: null,
            tool_calls: message.tool_calls.map((call) => ({
              ...call,
              function: { ...call.function, arguments: JSON.stringify(call.function.arguments) },
            })),
          }
        : message,
    );
    return tools.length > 0 ? [{ role: 'system', content: deepseekTools(tools) }, ...own] : own;
  },
  // No tools and no roles for them: Ollama's template for models without has them in the system message.
  gemma(messages, tools) {
    const first = messages[0].role === 'system' ? [messages[0]] : [];
    const own = messages.slice(first.length).map((message) => {
      const { role, content, tool_calls: made } = message;
      if (role === 'tool') return { role: 'user', content: `\`\`\`tool_output\n${content}\n\`\`\`` };
      if (!made) return message;
      const calls = made.map(({ function: { name, arguments: input } }) => ({ name, arguments: input }));
      return { role, content: `\`\`\`tool_code\n${JSON.stringify(calls[0])}\n\`\`\`` };
    });
    if (tools.length === 0) return [...first, ...own];
    const content = [...first.map((message) => message.content), gemmaTools(tools)].join('\n\n');
    return [{ role: 'system', content }, ...own];
  },
};

function deepseekTools(tools) {
  const each = tools.map(
    ({ name, description, inputSchema }) =>
      `### ${name}\nDescription: ${description}\n\nParameters: ${spaced(inputSchema)}\n`,
  );
  return `\n\n## Tools\nYou have access to the following tools:\n\n${each.join('\n')}
IMPORTANT: ALWAYS adhere to this exact format for tool use:
<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_call_name<｜tool▁sep｜>tool_call_arguments<｜tool▁call▁end｜>{{additional_tool_calls}}<｜tool▁calls▁end｜>

Where:
- \`tool_call_name\` must be an exact match to one of the available tools
- \`tool_call_arguments\` must be valid JSON that strictly follows the tool's Parameters Schema
- For multiple tool calls, chain them directly without separators or spaces`;
}

function gemmaTools(tools) {
  return `You have access to functions. If you decide to invoke any of the function(s), you MUST put it in the format of
{"name": function name, "parameters": dictionary of argument name and its value}

You SHOULD NOT include any other text in the response if you call a function
${JSON.stringify(
  toolsOf(tools).map((each) => each.function),
  null,
  2,
)}`;
}

/** JSON as Python writes it: a blank after each comma and colon. */
function spaced(value) {
  return JSON.stringify(value, null, 1)
    .replace(/([,{[])\n\s*/g, '$1 ')
    .replace(/\n\s*/g, '')
    .replace(/([{[]) /g, '$1');
}
