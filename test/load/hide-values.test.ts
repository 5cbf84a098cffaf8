import { describe, expect, it } from 'vitest';
import { createModelGateway, GatewayConfigurationError } from '../../src/gateway/index.ts';
import { fileProblems } from '../../src/load/file-problems.ts';
import { readGatewayFile } from '../../src/load/index.ts';
import { answers } from '../support/models.ts';

const read = (data: unknown, environment: Record<string, string>) =>
  readGatewayFile({ format: 'json', text: JSON.stringify(data) }, { environment });

/** What a gateway says of a file, by path. */
async function messagesOf(
  data: unknown,
  environment: Record<string, string>,
  providers: (id: string) => ReturnType<typeof answers> = (id) => answers(id),
): Promise<Record<string, string>> {
  const file = await read(data, environment);
  try {
    createModelGateway(file.data as Record<string, never>, { providers });
    return {};
  } catch (error) {
    if (!GatewayConfigurationError.isInstance(error)) throw error;
    const problems = fileProblems(file, error.problems);
    return Object.fromEntries(problems.map(({ path, message }) => [path.join('.'), message]));
  }
}

describe('R-36: messages show the text of a variable', () => {
  it('and leave the words of a sentence alone', async () => {
    const data = {
      models: [{ id: '${MODEL}', modle: 1 }],
      cascades: [{ id: 'c', steps: ['modell', '${UNKNOWN}'] }],
      dispatchers: [{ id: 'd', fallback: '${USE}', order: '${OR}', targets: ['${MODEL}'] }],
    };
    expect(
      await messagesOf(data, { MODEL: 'model', UNKNOWN: 'unknown', USE: 'use', OR: 'alloy' }),
    ).toMatchObject({
      'models.0.modle': expect.not.stringContaining('$') as string,
      'cascades.0.steps.0': 'unknown model "modell", did you mean "${MODEL}"?',
      'cascades.0.steps.1': expect.stringMatching(/^unknown model "\$\{UNKNOWN\}"(:|, did)/) as string,
      'dispatchers.0.fallback': '"${USE}": use true or false (what USE is set to is not shown)',
      'dispatchers.0.order':
        '"${OR}": use one of declared, smallest-first, cheapest-first, fastest-first (what OR is set to is not shown)',
    });
  });

  it('of a misspelt option with the name of a value, the option', async () => {
    const data = { cascades: [{ id: '${NAME}', stps: [], steps: ['${NAME}'] }] };
    const { 'cascades.0.stps': message } = await messagesOf(data, { NAME: 'steps' });
    expect(message).toMatch(/^no such option, did you mean "steps"\?$/);
  });

  it('of a wrong time of day, and not of the one that is the example', async () => {
    const between = { from: '${NIGHT}', to: '${LATE}', time_zone: 'UTC' };
    const data = {
      models: [{ id: 'a' }],
      dispatchers: [{ id: 'd', rules: [{ when: { between }, target: 'a' }] }],
    };
    expect(await messagesOf(data, { NIGHT: '22:00', LATE: '25:00' })).toEqual({
      'dispatchers.0.rules.0.when.between.to': `"\${LATE}": use a time of day such as '22:00', two digits each, '00:00' to '23:59' (what LATE is set to is not shown)`,
    });
  });

  it('in a cycle, a suggestion and a duplicate', async () => {
    const data = {
      models: [{ id: 'm', contextWindow: 8 }],
      alloys: [
        { id: '${A}', constituents: ['m', 'm'] },
        { id: '${LONG}', constituents: ['m', 'cascade/${LONG}'] },
      ],
      cascades: [
        { id: '${C}', steps: ['c2', '${A}s'] },
        { id: 'c2', steps: ['${C}'] },
        { id: '${A}', steps: ['m'] },
      ],
    };
    expect(await messagesOf(data, { A: 'hush', LONG: 'long'.repeat(40), C: 'c1' })).toEqual({
      'alloys.1.constituents.1':
        'unknown model "cascade/${LONG}", did you mean "alloy/${LONG}…"? (what LONG is set to is not shown)',
      'cascades.0.steps.1': 'unknown model "${A}s", did you mean "${A}"? (what A is set to is not shown)',
      'cascades.1.steps.0':
        '"${C}" contains itself: ${C} → c2 → ${C}: take one of them out (what C is set to is not shown)',
      'cascades.2.id': 'duplicate id "${A}", alloys[0] has it: rename one (what A is set to is not shown)',
    });
  });

  it('and the number that it is about, not those that are allowed', async () => {
    const data = {
      models: [{ id: 'a', retries: '${N}', capacity_fraction: '${F}', context_window: '${W}' }],
      alloys: [{ id: 'b', min_context_window: '${W}', constituents: ['a', 'a'] }],
    };
    expect(await messagesOf(data, { N: '10.5', F: '0', W: '0.5M' })).toEqual({
      'models.0.retries': '${N}: use a whole number from 0 to 10 (what N is set to is not shown)',
      'models.0.capacity_fraction':
        '${F}: use a number above 0 and at most 1, such as 0.85 (what F is set to is not shown)',
      'models.0.context_window': expect.stringMatching(/^"\$\{W\}": use a whole number of tokens/) as string,
      'alloys.0.min_context_window': expect.stringMatching(/^"\$\{W\}": use/) as string,
    });
  });

  it('in what a provider says, also where that has it in parts or in an address', async () => {
    const refuse = (id: string): never => {
      throw new Error(
        `No ${id.split('/').slice(1).join('/')} at https://x.test/${encodeURIComponent(id)}?q=1`,
      );
    };
    const messages = await messagesOf(
      { models: [{ id: '${WHOLE}' }, { id: 'own/${PART}' }, { id: 'own/plain at' }] },
      { WHOLE: 'corp/hush hush', PART: 'tell-nobody', AT: 'at' },
      refuse,
    );
    expect(messages).toEqual({
      'models.0.id':
        '"${WHOLE}": its provider says "No ${WHOLE} at https://x.test/${WHOLE}?…" (what WHOLE is set to is not shown)',
      'models.1.id':
        '"own/${PART}": its provider says "No ${PART} at https://x.test/own/${PART}?…" (what PART is set to is not shown)',
      'models.2.id': '"own/plain at": its provider says "No plain at at https://x.test/own%2Fplain%20at?…"',
    });
  });
});

describe('R-36: messages keep what stands in the file', () => {
  it('beside a variable of the same value, and show that where it is meant', async () => {
    const data = {
      models: [{ id: 'a', name: '${N}', order: '${N}' }],
      cascades: [{ id: 'c', steps: ['gpt', '${N}', 'alloy/gpt', 'say-${N}', 'say-gpt'] }],
    };
    expect(await messagesOf(data, { N: 'gpt' })).toMatchObject({
      'cascades.0.steps.0': expect.stringContaining('unknown model "gpt"') as string,
      'cascades.0.steps.1': expect.stringContaining('unknown model "${N}"') as string,
      'cascades.0.steps.2': expect.stringContaining('unknown model "alloy/gpt"') as string,
      'cascades.0.steps.3': expect.stringContaining('unknown model "say-${N}"') as string,
      'cascades.0.steps.4': expect.stringContaining('unknown model "say-gpt"') as string,
    });
  });

  it('in what a provider says of it, and nothing that a variable adds to it', async () => {
    const refuse = (id: string): never => {
      throw new Error(`No ${id.split('/')[1]}, see gpt-5 and gpt-5-secret`);
    };
    const data = { models: [{ id: 'openai/gpt-5-mini' }, { id: 'openai/${A}', name: '${B}' }] };
    expect(await messagesOf(data, { A: 'gpt-5', B: 'gpt-5-secret' }, refuse)).toEqual({
      'models.0.id': '"openai/gpt-5-mini": its provider says "No gpt-5-mini, see ${A} and ${B}"',
      'models.1.id':
        '"openai/${A}": its provider says "No ${A}, see ${A} and ${B}" (what A is set to is not shown)',
    });
  });
});

describe('hideValues', () => {
  it('looks into what is quoted, and leaves what stands there in the file', async () => {
    const data = { id: 'x/${A}', to: '${LONG}', literal: 'secret agent', size: '${N}' };
    const { hideValues, textOf } = await read(data, { A: 's$&.*', LONG: 'secret', N: '5' });
    expect(hideValues('unknown "x/s$&.*", secrets, "secret" secret "5" 5')).toBe(
      'unknown "x/${A}", secrets, "${LONG}" secret "${N}" 5',
    );
    expect(hideValues('"secret agent" or "secret thing" or "secrets"')).toBe(
      '"secret agent" or "${LONG} thing" or "secrets"',
    );
    expect([textOf('x/s$&.*'), textOf('alloy/secret'), textOf('secret#2'), textOf('secrecy')]).toEqual([
      'x/${A}',
      'alloy/${LONG}',
      '${LONG}#2',
      'secrecy',
    ]);
  });

  it('finds a number only where a message about it begins with it', async () => {
    const { hideValues } = await read({ retries: '${N}', weight: 5 }, { N: '5' });
    expect(hideValues('5: at most 5', ['retries'])).toBe('${N}: at most 5 (what N is set to is not shown)');
    expect(hideValues('5: at most 5', ['weight'])).toBe('5: at most 5');
  });

  it('hides what was cut off', async () => {
    const secret = `s-${'abc'.repeat(60)}`;
    const { hideValues } = await read({ id: '${A}', to: 'x/${A}' }, { A: secret });
    for (const [start, text] of [
      ['', '${A}…'],
      ['x/', 'x/${A}…'],
      ['its provider has no ', 'its provider has no ${A}…'],
    ] as const) {
      expect(hideValues(`${JSON.stringify(`${`${start}${secret}`.slice(0, 100)}…`)}: no`)).toBe(
        `"${text}": no`,
      );
    }
  });
});
