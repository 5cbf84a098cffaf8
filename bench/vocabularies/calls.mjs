// Calls to measure chat templates on, as the AI SDK hands them to a model, and as templates take them.

const text = (value) => ({ type: 'string', description: value });
const object = (properties, required = Object.keys(properties)) => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const tool = (name, description, inputSchema) => ({ type: 'function', name, description, inputSchema });

const tools = [
  tool(
    'get_weather',
    'Get the current weather in a given city.',
    object({ city: text('The city and country.') }),
  ),
  tool(
    'read_file',
    'Reads a file from the local filesystem. The path must be absolute. Lines are numbered from 1, and lines longer than 2000 characters are cut off.',
    object(
      {
        path: text('The absolute path'),
        offset: { type: 'integer', minimum: 1 },
        limit: { type: 'integer' },
      },
      ['path'],
    ),
  ),
  tool('list_issues', '', object({})),
  tool(
    'create_issue',
    'Create a new issue in a GitHub repository',
    object(
      {
        owner: text('Repository owner'),
        repo: text('Repository name'),
        title: { type: 'string' },
        body: { type: 'string' },
        labels: { type: 'array', items: { type: 'string' } },
        assignees: { type: 'array', items: { type: 'string' }, maxItems: 10 },
        state: { type: 'string', enum: ['open', 'closed', 'all'], default: 'open' },
      },
      ['owner', 'repo', 'title'],
    ),
  ),
  tool(
    'query_orders',
    'Runs a query over orders and returns at most `limit` rows. Use it whenever the user asks for numbers: never guess.',
    object({
      filter: {
        anyOf: [
          object({
            field: { enum: ['status', 'customer_id', 'total'] },
            operator: { const: 'eq' },
            value: { type: 'string' },
          }),
          object({ all: { type: 'array', items: { $ref: '#/properties/filter' } } }),
        ],
      },
      groupBy: { type: ['string', 'null'], description: 'A column to group by, or null' },
      from: { type: 'string', format: 'date-time', pattern: '^\\d{4}-\\d{2}-\\d{2}' },
      limit: { type: 'number', minimum: 1, maximum: 1000 },
    }),
  ),
];

export const user = (value) => ({ role: 'user', content: [{ type: 'text', text: value }] });
const assistant = (value) => ({ role: 'assistant', content: [{ type: 'text', text: value }] });
export const system = {
  role: 'system',
  content: 'You are a helpful assistant. Answer in one short paragraph.',
};
let calls = 0;
const step = (toolName, input, value) => {
  const toolCallId = `call${String(calls++).padStart(5, '0')}`;
  const output = typeof value === 'string' ? { type: 'text', value } : { type: 'json', value };
  return [
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName, input }] },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] },
  ];
};

const question = user('What is the capital of France, and how is the weather there today?');
const short = [system, user('Hi'), assistant('Hello! How can I help?'), user('Thanks')];
const long = [
  system,
  ...Array.from({ length: 15 }, (_, i) => [user(`Question ${i}?`), assistant('Yes.')]).flat(),
  user('Ok'),
];
const loop = [
  system,
  question,
  ...step(
    'get_weather',
    { city: 'Paris, France' },
    { celsius: 21, sky: 'clear', wind: { kmh: 11, from: 'NW' } },
  ),
  ...step('read_file', { path: '/srv/app/README.md' }, '1\t# App\n2\t\n3\tAn app.'),
  ...step('list_issues', {}, []),
];

/** Calls by name, each a prompt and its tools. */
export const samples = {
  'a question': { prompt: [question], tools: [] },
  'a question with a system message': { prompt: [system, question], tools: [] },
  'four short messages': { prompt: short, tools: [] },
  '32 messages': { prompt: long, tools: [] },
  'a question with one tool': { prompt: [system, question], tools: tools.slice(0, 1) },
  'a question with five tools': { prompt: [question], tools },
  'a question with twenty tools': {
    prompt: [system, question],
    tools: Array.from({ length: 20 }, (_, i) => ({ ...tools[i % 5], name: `${tools[i % 5].name}_${i}` })),
  },
  'three calls of five tools': { prompt: loop, tools },
  'three calls, an answer and a question': {
    prompt: [...loop, assistant('21 °C and clear.'), user('And tomorrow?')],
    tools,
  },
};

/** The messages of a prompt as templates take them. */
export function messagesOf(prompt) {
  return prompt.flatMap(({ role, content }) => {
    if (role === 'system') return [{ role, content }];
    if (role === 'tool') {
      return content.map(({ toolCallId, toolName, output }) => ({
        role,
        tool_call_id: toolCallId,
        name: toolName,
        content: output.type === 'text' ? output.value : JSON.stringify(output.value),
      }));
    }
    const said = content
      .filter(({ type }) => type === 'text')
      .map((part) => part.text)
      .join('');
    const made = content.filter(({ type }) => type === 'tool-call');
    if (made.length === 0) return [{ role, content: said }];
    const tool_calls = made.map(({ toolCallId, toolName, input }) => ({
      id: toolCallId,
      type: 'function',
      function: { name: toolName, arguments: input },
    }));
    return [{ role, content: said, tool_calls }];
  });
}

/** Tools as templates take them. */
export function toolsOf(list) {
  return list.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema },
  }));
}
