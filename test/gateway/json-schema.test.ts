import { readFileSync } from 'node:fs';
import { gatewayJsonSchema } from 'ai-alloy/gateway';
import { describe, expect, it } from 'vitest';

const schema = gatewayJsonSchema();

describe('the JSON Schema', () => {
  it('is the one that the package ships: npm run schema writes it', () => {
    const file = new URL('../../gateway.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
  });

  it('has keys in both spellings, with descriptions and defaults', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(Object.keys(schema['properties'] as object)).toEqual(
      expect.arrayContaining(['$schema', 'model_defaults', 'modelDefaults', 'dispatchers', 'proxy']),
    );
    const text = JSON.stringify(schema);
    expect(text).toContain('"context_window":');
    expect(text).toContain('"contextWindow":');
    expect(text).toContain('"round_robin"');
    expect(text).toMatch(/"description":"Tokens reserved for the answer[^"]*","default":4096/);
  });

  it('requires a key of two words in either spelling', () => {
    expect(JSON.stringify(schema)).toContain(
      '{"anyOf":[{"required":["time_zone"]},{"required":["timeZone"]}]}',
    );
  });
});
