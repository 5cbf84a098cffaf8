import { beforeAll, describe, expect, test } from 'vitest';
import type { Decision } from '../../src/index.ts';
import { deadlines, error, silence } from './fault-behaviours.ts';
import { compositions, faults, type Composition, type Fault } from './fault-cases.ts';
import { play, type Play, type Played } from './fault-run.ts';
import { answers, faultServer, says, type Scripts } from './fault-server.ts';
import { pageOf } from './fault-table.ts';
import { stretch, switchable, traffic, untilAsked, whoSaid } from './fault-traffic.ts';
import { installations, type Installation } from './installations.ts';
import { modes, run, type Mode } from './run.ts';

const setTheStage = await faultServer();
const generations = await installations();

/** A dispatcher that may fall back does as a cascade does; it has no column. */
type Model = Composition | 'dispatcher';

interface Cell {
  readonly name: string;
  readonly fault: Fault;
  readonly mode: Mode;
  readonly model: Model;
}

const cells = Object.entries(faults).flatMap(([name, fault]) =>
  modes
    .filter((mode) => fault[mode])
    .flatMap((mode): Cell[] =>
      [...compositions[mode], 'dispatcher' as const].map((model) => ({ name, fault, mode, model })),
    ),
);

/** A and B on a stage of their own, and everything that a call on a model of both needs to be played. */
function playOf({ aiAlloy, createOpenAI }: Installation, scripts: Scripts, kind: Model, options = {}): Play {
  const stage = setTheStage(scripts);
  const decisions: Decision[] = [];
  const [A, B] = ['A', 'B'].map((id) => {
    // `compatibility` makes the provider of ai 4 ask for the usage of streams.
    const settings = { baseURL: stage.baseURL(id), apiKey: 'test', compatibility: 'strict' };
    return createOpenAI(settings as never).chat(id);
  }) as [never, never];
  const onDecision = (decision: Decision): unknown => decisions.push(decision);
  const shared = { ...deadlines, onDecision, ...options };
  const { cascade, dispatcher } = aiAlloy;
  const make = {
    alone: () => cascade({ ...shared, steps: [A] }),
    fallback: () => cascade({ ...shared, steps: [A, B] }),
    retries: () => cascade({ ...shared, retries: 1, steps: [A, B] }),
    buffer: () => cascade({ ...shared, afterContent: 'buffer', steps: [A, B] }),
    dispatcher() {
      const [small, large] = [
        { model: A, contextWindow: '32K' },
        { model: B, contextWindow: '64K' },
      ] as const;
      return dispatcher({ ...shared, fallback: true, targets: [small, large] });
    },
  };
  return { model: make[kind](), stage, decisions };
}

const played = new Map<string, Played>();
const keyOf = (major: number, name: string, mode: Mode, model: string): string =>
  [major, name, mode, model].join();

/** Most cells wait for something: many at once take little longer than one. */
async function playAll(): Promise<void> {
  const queue = generations.flatMap((installation) => cells.map((cell) => ({ installation, cell })));
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { installation, cell } = next;
      const { name, fault, mode, model } = cell;
      const [, ...script] = fault[mode]!;
      const scripts = { A: script, B: [answers()] };
      const result = await play(installation, mode, playOf(installation, scripts, model, fault.options));
      played.set(keyOf(installation.major, name, mode, model), result);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

beforeAll(playAll, 300_000);

/** How an answer goes on behind an error part that is passed on. */
const onwards = expect.arrayContaining(['error', 'finish: stop']);

describe.each(generations)('ai $major', (installation) => {
  for (const { name, fault, mode, model } of cells) {
    const rule = model === 'dispatcher' ? 'R-33' : (fault.rule ?? 'R-22');
    test(`${rule}: ${name} (${mode}, ${model})`, () => {
      const seen = played.get(keyOf(installation.major, name, mode, model))!;
      const { kind, deadline, cells: row } = fault[mode]![0];
      const [outcome, ofA, ofB] = row[model === 'dispatcher' ? 'fallback' : model];
      const answeredByA = outcome.startsWith('A');
      const failed = `A: ${[kind, deadline].filter(Boolean).join(' ')}`;
      const attempts = Array.from({ length: answeredByA ? ofA - 1 : ofA }, () => failed);
      if (answeredByA || ofB > 0) attempts.push(`${answeredByA ? 'A' : 'B'}: answered`);
      // A stream that has begun comes to an end in order; ai 4 calls the end of a step `step-finish`.
      const endOfStep = installation.major === 4 ? 'step-finish' : 'finish-step';
      const isBroken = outcome.startsWith('half');
      const hasFailed = mode === 'stream' && outcome.startsWith('error');
      const ending = isBroken ? ['error', endOfStep, 'finish: error'] : hasFailed ? ['error'] : undefined;
      const { gaps, ...rest } = seen;
      // Behind an error part that is passed on, the answer goes on.
      const passed = outcome.endsWith('beside an error part') ? onwards : [];
      expect(rest).toEqual({
        outcome,
        ending: ending ?? passed,
        asked: 'A'.repeat(ofA) + 'B'.repeat(ofB),
        isClosed: true,
        decisions: [attempts],
      });
      expect(gaps.every((gap) => gap >= (fault.retryAfterMs ?? 0))).toBe(true);
    });
  }

  describe.each(modes)('%s', (mode) => {
    const down = says(503, error('overloaded_error'), { 'retry-after-ms': '50' });
    const everywhereDown: Scripts = { A: [down], B: [down] };
    const twice = { maxRetries: 1 };

    test("R-25: the SDK's own retry asks everybody again", async () => {
      const cascade = playOf(installation, everywhereDown, 'fallback');
      const { outcome, asked, gaps } = await play(installation, mode, cascade, twice);
      expect({ outcome, asked }).toEqual({ outcome: 'error: server-error after 1 retry', asked: 'ABAB' });
      expect(gaps[0]).toBeGreaterThanOrEqual(50);
    });

    test("R-25: the SDK's own retry makes a lone model answer", async () => {
      const cascade = playOf(installation, { A: [down, answers()] }, 'alone');
      const { outcome, asked } = await play(installation, mode, cascade, twice);
      expect({ outcome, asked }).toEqual({ outcome: 'A answers after 1 retry', asked: 'AA' });
    });

    test("R-25: retries of our own take the place of the SDK's", async () => {
      const cascade = playOf(installation, everywhereDown, 'retries');
      const { outcome, asked } = await play(installation, mode, cascade, twice);
      expect({ outcome, asked }).toEqual({ outcome: 'error: server-error after 1 retry', asked: 'AABB' });
    });

    test("R-22: nobody is asked after the whole call's deadline", async () => {
      const scripts = { A: [silence], B: [answers()] };
      const cascade = playOf(installation, scripts, 'retries', { deadlineMs: 300 });
      const { outcome, asked, decisions, isClosed } = await play(installation, mode, cascade, twice);
      expect({ outcome, asked, decisions, isClosed }).toEqual({
        outcome: 'error: timeout',
        asked: 'A',
        decisions: [['A: timeout deadlineMs']],
        isClosed: true,
      });
    });
  });
});

/** After two failures in a row A rests; calls that were under way by then may reach it still. */
const cooldown = { failures: 2, ms: 200 };
const atOnce = 3;
const burst = cooldown.failures + atOnce - 1;

describe.each(generations)('ai $major', (installation) => {
  test('R-22: a primary that flaps is left alone while it is down, and comes back by one probe', async () => {
    const primary = switchable();
    const scripts = { A: [primary.behaviour], B: [answers()] };
    const { model, stage } = playOf(installation, scripts, 'fallback', { cooldown });
    let calls = 0;
    const ask = async (): Promise<string> =>
      (await run(installation, modes[calls++ % modes.length]!, { model })).text;

    const down = stretch(stage);
    expect(await traffic(ask, 40, atOnce)).toEqual(Array.from({ length: 40 }, () => 'B'));
    expect(down.requests('A')).toBeGreaterThanOrEqual(cooldown.failures);
    expect(down.requests('A')).toBeLessThanOrEqual(burst + down.mostTries(cooldown.ms));

    const tell = primary.answersWhenTold();
    const recovery = stretch(stage);
    let probing = recovery;
    const answered: Promise<string>[] = [];
    while (recovery.requests() === recovery.requests('B')) {
      probing = stretch(stage);
      answered.push(ask());
      await untilAsked(probing, 1);
    }
    answered.push(...Array.from({ length: 10 }, ask));
    await untilAsked(probing, 11);
    // While the probe is not over, the others keep away from A.
    expect(probing.requests('A')).toBeLessThanOrEqual(probing.mostTries(cooldown.ms));
    tell();
    const tried = recovery.requests('A');
    const texts = (await Promise.all(answered)).map(whoSaid);
    expect(texts.filter((who) => who === 'A')).toHaveLength(tried);
    expect(texts.filter((who) => who === 'B')).toHaveLength(answered.length - tried);

    expect(await traffic(ask, 15, atOnce)).toEqual(Array.from({ length: 15 }, () => 'A'));

    primary.fails();
    const downAgain = stretch(stage);
    expect(await traffic(ask, 40, atOnce)).toEqual(Array.from({ length: 40 }, () => 'B'));
    expect(downAgain.requests('A')).toBeLessThanOrEqual(burst + downAgain.mostTries(cooldown.ms));
  });
});

test('R-22: the page of the documentation says what was seen', async () => {
  const page = pageOf((name, mode, column) => {
    const outcomes = generations.map(({ major }) => played.get(keyOf(major, name, mode, column))!.outcome);
    const each = generations.map(({ major }, index) => `ai ${major}: ${outcomes[index]}`);
    return new Set(outcomes).size === 1 ? outcomes[0]! : each.join('; ');
  });
  await expect(page).toMatchFileSnapshot('../../docs/failures.md');
});
