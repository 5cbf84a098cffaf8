import { describe, expect, test } from 'vitest';
import { installations, type Installation } from './installations.ts';
import { modelsOf } from './mock-models.ts';
import { optionsOf, run, toolOf } from './run.ts';

type Sdk = Record<string, (...options: any[]) => any>; // what differs between ai 5, 6 and 7

const text = 'word '.repeat(600);

/** An answer of `streamText` as a UI message, as a browser would keep it and send it back. */
async function uiMessageOf({ sdk }: Installation, result: object): Promise<object> {
  const { toUIMessageStream, readUIMessageStream } = sdk as unknown as Sdk;
  const { toUIMessageStream: method } = result as { toUIMessageStream?: () => ReadableStream };
  // A method until ai 6, a function in ai 7.
  const stream = method
    ? method.call(result)
    : toUIMessageStream!({ stream: (result as { stream: ReadableStream }).stream });
  let message: object = {};
  for await (const each of readUIMessageStream!({ stream })) message = JSON.parse(JSON.stringify(each));
  return message;
}

const uiUser = (content: string) => ({ id: content, role: 'user', parts: [{ type: 'text', text: content }] });

describe.each((await installations()).filter(({ major }) => major > 4))('ai $major', (installation) => {
  const { sdk, aiAlloy } = installation;
  const { answers } = modelsOf(installation);
  const model = () =>
    aiAlloy.dispatcher({
      id: 'smart',
      reevaluate: 'sticky',
      targets: [
        { id: 'small', model: answers('small'), contextWindow: 800 },
        { id: 'large', model: answers('large'), contextWindow: 8000 },
      ],
    });
  const long = { role: 'user', content: text };
  const short = { role: 'user', content: 'And now?' };

  test('R-31: a pick comes back with response messages', async () => {
    for (const mode of ['generate', 'stream'] as const) {
      const options = optionsOf(installation, { model: model(), messages: [long], maxOutputTokens: 10 });
      const result = await (mode === 'generate' ? sdk.generateText(options) : sdk.streamText(options));
      if (mode === 'stream')
        for await (const _ of (result as { textStream: AsyncIterable<string> }).textStream);
      const { messages } = (await (result as { response: PromiseLike<{ messages: object[] }> }).response) as {
        messages: object[];
      };
      // Another instance, and a prompt that the small one could hold by now.
      const { decision } = await run(installation, mode, {
        model: model(),
        messages: [{ role: 'user', content: 'Hi' }, ...messages, short],
        maxOutputTokens: 10,
      });
      expect(decision).toMatchObject({ reason: 'sticky', answeredBy: 'large' });
    }
  });

  test('R-31: and through UI messages', async () => {
    const options = optionsOf(installation, { model: model(), messages: [long], maxOutputTokens: 10 });
    const message = await uiMessageOf(installation, sdk.streamText(options));
    const { convertToModelMessages } = sdk as unknown as Sdk;
    const messages = await convertToModelMessages!([uiUser('Hi'), message, uiUser('And now?')]);
    const { decision } = await run(installation, 'stream', { model: model(), messages, maxOutputTokens: 10 });
    expect(decision).toMatchObject({ reason: 'sticky', answeredBy: 'large' });
  });

  /** Two turns and more, with the messages that the SDK itself makes of each answer. */
  const turns = async (
    own: Parameters<typeof aiAlloy.alloy>[0]['constituents'],
    around: 'alloy' | 'dispatcher',
  ) => {
    const redraw = around === 'alloy' ? ('conversation' as const) : ('call' as const);
    const blend = aiAlloy.alloy({ id: 'blend', strategy: 'round-robin', redraw, constituents: own });
    const nested = aiAlloy.dispatcher({
      id: 'smart',
      reevaluate: 'sticky',
      targets: [aiAlloy.cascade({ id: 'safe', steps: [blend] })],
    });
    const asked = around === 'alloy' ? blend : nested;
    const messages: object[] = [];
    const texts: string[] = [];
    for (const mode of ['generate', 'stream', 'generate', 'stream'] as const) {
      messages.push(short);
      const options = optionsOf(installation, { model: asked, messages, maxOutputTokens: 10 });
      const result = await (mode === 'generate' ? sdk.generateText(options) : sdk.streamText(options));
      if (mode === 'stream')
        for await (const _ of (result as { textStream: AsyncIterable<string> }).textStream);
      texts.push(await (result as { text: PromiseLike<string> }).text);
      const response = (await (result as { response: PromiseLike<{ messages: object[] }> }).response) as {
        messages: object[];
      };
      messages.push(...JSON.parse(JSON.stringify(response.messages)));
      await asked.doGenerate({
        prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      } as never); // another conversation draws
    }
    return texts;
  };

  test.each(['alloy', 'dispatcher'] as const)(
    'R-45: a conversation stays on the model that it began with: %s',
    async (around) => {
      const constituents = ['a', 'b', 'c'].map((id) => ({ id, model: answers(id), contextWindow: 8000 }));
      expect(await turns(constituents, around)).toEqual(['a', 'a', 'a', 'a']);
    },
  );

  test('R-45: also through UI messages', async () => {
    const constituents = ['a', 'b', 'c'].map((id) => ({ id, model: answers(id), contextWindow: 8000 }));
    const blend = aiAlloy.alloy({ id: 'blend', strategy: 'round-robin', constituents });
    const smart = aiAlloy.dispatcher({ id: 'smart', reevaluate: 'sticky', targets: [blend] });
    const message = await uiMessageOf(
      installation,
      sdk.streamText(optionsOf(installation, { model: smart, messages: [short], maxOutputTokens: 10 })),
    );
    const { convertToModelMessages } = sdk as unknown as Sdk;
    const messages = await convertToModelMessages!([uiUser('Hi'), message, uiUser('And now?')]);
    const outcome = await run(installation, 'stream', { model: smart, messages, maxOutputTokens: 10 });
    expect(outcome.text).toBe('a');
  });

  test("an alloy keeps the constituent of a pending tool call within a tool loop: redraw 'turn'", async () => {
    const call = { toolCall: { name: 'weather', input: { city: 'Lisbon' } } };
    const make = (id: string) => ({
      id,
      model: modelsOf(installation).answersInTurn(id, [call, { text: id }]),
      contextWindow: '8K' as const,
    });
    const blend = aiAlloy.alloy({
      id: 'blend',
      strategy: 'round-robin',
      redraw: 'turn',
      constituents: [make('a'), make('b')],
    });
    const tools = { weather: toolOf(installation, 'city', () => '7 °C') };
    const { steps, text: last } = await run(installation, 'generate', { model: blend, tools, steps: 3 });
    expect({ steps: steps.length, last }).toEqual({ steps: 2, last: 'a' });
  });
});

describe.each((await installations()).filter(({ major }) => major === 4))(
  'ai $major',
  ({ aiAlloy, ...rest }) => {
    const { answers } = modelsOf({ aiAlloy, ...rest });

    test('R-31: what travels with parts is refused at construction, with the remedy', () => {
      const target = answers('m');
      expect(() => aiAlloy.dispatcher({ targets: [target], reevaluate: 'sticky' })).toThrow(
        'dispatcher: reevaluate is "sticky": ai 4 keeps no metadata on parts',
      );
      const constituents = [target, answers('n')].map((model) => ({ model, contextWindow: '8K' as const }));
      expect(() => aiAlloy.alloy({ constituents, redraw: 'turn' })).toThrow('alloy: redraw is "turn": ai 4');
    });

    test('R-31: a session with a store serves', async () => {
      const entries = new Map<string, string>();
      const store = {
        get: (key: string) => entries.get(key),
        set: (key: string, value: string) => entries.set(key, value),
      };
      const model = aiAlloy.dispatcher({
        id: 'smart',
        reevaluate: 'sticky',
        session: { store },
        targets: [
          { id: 'small', model: answers('small'), contextWindow: 800 },
          { id: 'large', model: answers('large'), contextWindow: 8000 },
        ],
      });
      const ask = (prompt: string) =>
        run({ aiAlloy, ...rest }, 'generate', {
          model,
          prompt,
          maxTokens: 10,
          providerOptions: { 'ai-alloy': { session: 's' } },
        });
      const constituents = ['a', 'b'].map((id) => ({ id, model: answers(id), contextWindow: 8000 }));
      const blend = aiAlloy.alloy({
        id: 'blend',
        strategy: 'round-robin',
        redraw: 'conversation',
        session: { store },
        constituents,
      });
      for (const [session, expected] of Object.entries({ one: 'a', two: 'b' })) {
        for (let turn = 0; turn < 2; turn++) {
          const providerOptions = { 'ai-alloy': { session } };
          const outcome = await run({ aiAlloy, ...rest }, 'stream', { model: blend, providerOptions });
          expect(outcome.text).toBe(expected);
        }
      }
      expect((await ask(text)).decision).toMatchObject({ answeredBy: 'large' });
      expect((await ask('Hi')).decision).toMatchObject({ reason: 'sticky', answeredBy: 'large' });
    });
  },
);
