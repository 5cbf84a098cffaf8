import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call, TokenEstimator } from '../../../src/index.ts';
import { checkFit, parseLimits, type Limits, type Verdict } from '../../../src/tokens/fit.ts';

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** Counts characters, and says which texts it was asked about. */
function counting(): { readonly limits: Limits; readonly asked: string[] } {
  const asked: string[] = [];
  const estimateText = (text: string): number => {
    asked.push(text);
    return text.length;
  };
  return { asked, limits: parseLimits('member', { estimator: { id: 'length', estimateText } }) };
}

const inputOf = (limits: Limits, prompt: readonly Message[]): number =>
  (checkFit(limits, callOf(prompt)) as Verdict).demand.input;

/** A call as the AI SDK makes it: new arrays, messages and parts, the same strings and objects. */
const callOf = (prompt: readonly Message[]): Call =>
  ({
    prompt: prompt.map(({ role, content }) => ({
      role,
      content: Array.isArray(content) ? content.map((part) => ({ ...part })) : content,
    })),
  }) as Call;

const system = (content: string): Message => ({ role: 'system', content });
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const assistant = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });
const toolResult = (value: object): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolName: 'read', output: { type: 'json', value } }],
});

let openings = 0;
const newOpening = (): Message => user(`conversation ${openings++}`);

describe('R-12: a growing conversation', () => {
  it('is counted once, and then only what is new', () => {
    const { limits, asked } = counting();
    const prompt = [system('Be brief.'), newOpening(), toolResult({ rows: [1, 2, 3] })];
    const first = inputOf(limits, prompt);
    expect(asked.splice(0)).toEqual([
      'Be brief.',
      prompt[1]!.content![0 as never]['text'],
      'read',
      '{"rows":[1,2,3]}',
    ]);
    expect(inputOf(limits, prompt)).toBe(first);
    expect(asked).toEqual([]);
    expect(inputOf(limits, [...prompt, assistant('Three.')])).toBe(first + 4 + 6);
    expect(asked).toEqual(['Three.']);
  });

  it('is counted again where it changed: an edit, a shorter history, an object that grew', () => {
    const { limits, asked } = counting();
    const opening = newOpening();
    inputOf(limits, [opening, assistant('one'), user('two'), assistant('three')]);
    asked.splice(0);
    inputOf(limits, [opening, assistant('one'), user('TWO')]);
    expect(asked.splice(0)).toEqual(['TWO']);
    inputOf(limits, [opening, assistant('one')]);
    inputOf(limits, [opening, assistant('one'), user('two'), assistant('three'), user('four')]);
    expect(asked.splice(0)).toEqual(['four']); // the edit was a branch of its own
    const value = { rows: [1] };
    inputOf(limits, [opening, toolResult(value)]);
    value.rows.push(2);
    inputOf(limits, [opening, toolResult(value)]);
    inputOf(limits, [opening, toolResult(structuredClone(value))]);
    expect(asked.filter((text) => text.startsWith('{'))).toEqual(['{"rows":[1]}', '{"rows":[1,2]}']);
  });

  it('keeps its counts when the system message tells another time', () => {
    const { limits, asked } = counting();
    const opening = newOpening();
    inputOf(limits, [system('It is 9:00.'), opening, assistant('Good morning.')]);
    asked.splice(0);
    inputOf(limits, [system('It is 9:05.'), opening, assistant('Good morning.'), user('Bye.')]);
    expect(asked).toEqual(['It is 9:05.', 'Bye.']);
  });

  it('is told from another that opens with the same words', () => {
    const { limits, asked } = counting();
    const opening = newOpening();
    inputOf(limits, [system('You are A.'), opening]);
    inputOf(limits, [system('You are B.'), opening]);
    asked.splice(0);
    inputOf(limits, [system('You are A.'), opening, assistant('I am A.')]);
    inputOf(limits, [system('You are B.'), opening, assistant('I am B.')]);
    expect(asked).toEqual(['I am A.', 'I am B.']);
  });

  it('counts for every estimator by itself', () => {
    const estimator: TokenEstimator = { id: 'double', estimateText: (text) => 2 * text.length };
    const prompt = [user('double or nothing')];
    expect(inputOf(counting().limits, prompt)).toBe(12 + 17);
    expect(inputOf(parseLimits('member', { estimator }), prompt)).toBe(12 + 34);
    expect(inputOf(counting().limits, prompt)).toBe(12 + 17);
  });

  it('counts the tools once, however often they are made anew, and again when they change', () => {
    const { limits, asked } = counting();
    const withTools = (name: string): number => {
      const call = {
        ...callOf([user('Which tools?')]),
        tools: [{ type: 'function', name, inputSchema: {} }],
      };
      return (checkFit(limits, call) as Verdict).demand.input;
    };
    const json = '[{"type":"function","name":"read","inputSchema":{}}]';
    expect(withTools('read')).toBe(12 + 32 + 8 + 12 + Math.ceil(json.length * 1.1));
    withTools('read');
    expect(asked).toEqual(['Which tools?', json]);
    withTools('write');
    expect(asked).toHaveLength(3);
  });
});

describe('R-49: what is remembered is bounded', () => {
  it('in beginnings of conversations: the oldest go', () => {
    const { limits, asked } = counting();
    const [first, ...others] = Array.from({ length: 10_000 }, newOpening);
    inputOf(limits, [first!]);
    for (const each of others) inputOf(limits, [each]);
    asked.splice(0);
    inputOf(limits, [others.at(-1)!]);
    inputOf(limits, [others.at(-4000)!]);
    expect(asked).toEqual([]);
    inputOf(limits, [first!]);
    expect(asked).toHaveLength(1);
  });

  it('those in use stay, also among many that open alike', () => {
    const { limits, asked } = counting();
    const opening = newOpening();
    const active = [opening, assistant('I am the active one.')];
    inputOf(limits, active);
    for (let other = 0; other < 10_000; other++) {
      inputOf(limits, [opening, assistant(`I am number ${other}.`)]);
      if (other % 1000 === 0) inputOf(limits, active);
    }
    asked.splice(0);
    inputOf(limits, active);
    expect(asked).toEqual([]);
  });

  it('a conversation is found again by any of its last messages', () => {
    const { limits, asked } = counting();
    const prompt = [newOpening(), ...Array.from({ length: 100 }, (_, index) => assistant(`line ${index}`))];
    inputOf(limits, prompt);
    asked.splice(0);
    inputOf(limits, [...prompt.slice(0, 80), user('a branch')]);
    expect(asked).toEqual(['a branch']);
  });
});

/** One step in the life of a conversation. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('say' as const), text: fc.constantFrom('a', 'bb', 'ccc', 'dddd') }),
  fc.record({ kind: fc.constant('tool' as const), text: fc.constantFrom('x', 'yy') }),
  fc.record({ kind: fc.constant('system' as const), text: fc.constantFrom('s', 'tt') }),
  fc.record({
    kind: fc.constantFrom('edit' as const, 'drop' as const, 'compact' as const),
    text: fc.constant('e'),
  }),
);

it('R-12: counting what is new equals counting everything, whatever happens to how many conversations', () => {
  const { limits } = counting();
  const fromScratch = (prompt: readonly Message[]): number => {
    const texts = prompt.flatMap(({ content }) => {
      if (typeof content === 'string') return [content];
      return (content as Record<string, any>[]).flatMap(({ text, toolName, output }) =>
        toolName ? [toolName, JSON.stringify(output.value)] : [text],
      );
    });
    const tools = prompt.filter(({ role }) => role === 'tool').length;
    return 8 + 4 * prompt.length + 6 * tools + texts.join('').length;
  };
  fc.assert(
    fc.property(
      fc.array(fc.record({ which: fc.nat({ max: 2 }), change }), { maxLength: 25 }),
      fc.constantFrom('hi', 'hello'),
      (script, opening) => {
        const conversations: Message[][] = [0, 1, 2].map(() => [system('s'), user(opening)]);
        for (const { which, change: step } of script) {
          const prompt = conversations[which]!;
          if (step.kind === 'say') prompt.push(user(step.text));
          else if (step.kind === 'tool') prompt.push(toolResult({ [step.text]: 1 }));
          else if (step.kind === 'system') prompt[0] = system(step.text);
          else if (step.kind === 'edit') prompt[prompt.length - 1] = user(step.text);
          else if (step.kind === 'drop' && prompt.length > 2) prompt.pop();
          else if (step.kind === 'compact') prompt.splice(1, Math.max(0, prompt.length - 2));
          expect(inputOf(limits, prompt)).toBe(fromScratch(prompt));
        }
      },
    ),
    { numRuns: 500 },
  );
});
