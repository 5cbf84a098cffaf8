// An answer that is no valid JSON, or doesn't follow the call's own schema, falls over to the next model.
import { Ajv } from 'ajv';
import { generateText, jsonSchema, Output } from 'ai';
import { cascade, decisionOf, type Answer } from 'ai-alloy';
import { connect } from './support/offline-server.ts';

const ajv = new Ajv();

/** Accepts an answer that follows the JSON Schema of the call, if it has one; otherwise says what is wrong. */
function followsSchema({ text, schema }: Answer): boolean | string {
  if (!schema) return true;
  const validate = ajv.compile(schema);
  const value: unknown = JSON.parse(text); // an error that it throws rejects the answer as well
  return validate(value) || ajv.errorsText(validate.errors);
}

const { openai, close } = await connect({
  chatty: { answer: () => ({ content: 'Sure! The capital of Portugal is Lisbon.' }) },
  careless: { answer: () => ({ content: '{ "town": "Lisbon" }' }) },
  careful: { answer: () => ({ content: '{ "city": "Lisbon" }' }) },
});

const model = cascade({
  id: 'capitals',
  steps: [openai('chatty'), openai('careless'), openai('careful')],
  acceptAnswer: followsSchema,
  afterContent: 'buffer', // so that streams are checked as well
});

const schema = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
});
const result = await generateText({
  model,
  output: Output.object({ schema }),
  prompt: 'What is the capital of Portugal?',
});

console.log(result.output);
for (const { id, outcome, failure, reason } of decisionOf(result)!.attempts!) {
  console.log(`${id} ${outcome}${failure ? `: ${failure} (${reason})` : ''}`);
}

await close();
