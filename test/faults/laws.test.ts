import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom, type Decision } from '../../src/index.ts';
import { build, compositions, openSilences, type Branch } from './laws/compositions.ts';
import { consume, consumers, givesUp, passTime, type Consumer, type Seen } from './laws/consumers.ts';
import { stop, usage, type Part } from '../support/models.ts';
import { createWorld, keyOf, turn, type Played, type World } from './laws/scripted-model.ts';
import type { StreamScript } from './laws/scripts.ts';
import { violationsInCalls, violationsInDecision, violationsInNested } from './laws/decisions.ts';
import {
  isWhole,
  leftBehind,
  leftForEver,
  violationsInAnswer,
  violationsInTime,
  type Violations,
} from './laws/answers.ts';

/** A composition and the calls that are made on it, one after the other. */
interface Run {
  readonly branch: Branch;
  readonly calls: readonly Consumer[];
  readonly seed: number;
}

/** Deadlines that put an end to any silence, where a run has nothing else that does. */
const covers = {
  deadlineMs: { deadlineMs: 700 },
  totalMs: { totalMs: 90 },
  'firstContentMs and idleMs': { firstContentMs: 50, idleMs: 50 },
};

const mayHang = ({ branch, calls }: Run): boolean => {
  const open = openSilences(branch);
  return calls.some((call) => {
    if (givesUp(call)) return false;
    return call.mode === 'generate'
      ? open.has('generate')
      : open.has('before content') || open.has('after content');
  });
};

const covered = (run: Run, cover: keyof typeof covers): Run => {
  if (!mayHang(run)) return run;
  const withOptions = (options: Branch['options']): Run => {
    return { ...run, branch: { ...run.branch, options: { ...run.branch.options, ...options } } };
  };
  const better = withOptions(covers[cover]);
  return mayHang(better) ? withOptions(covers.deadlineMs) : better;
};

const runs = (tails: readonly StreamScript['tail'][]): fc.Arbitrary<Run> =>
  fc
    .tuple(
      fc.record({
        branch: compositions(tails),
        calls: fc.array(consumers, { minLength: 1, maxLength: 3 }),
        seed: fc.nat(),
      }),
      fc.constantFrom(...(Object.keys(covers) as (keyof typeof covers)[])),
    )
    .map(([run, cover]) => covered(run, cover));

const unhandled: unknown[] = [];
const hearUnhandled = (reason: unknown): void => void unhandled.push(reason);
/** How often calls ended how: a law about something that never happens says nothing. */
const ends = new Map<string, number>();
const allEnds = [
  'generate: refused',
  'generate: whole',
  'stream: broke',
  'stream: ended',
  'stream: left',
  'stream: refused',
  'stream: whole',
];

async function violationsOf({ branch, calls, seed }: Run): Promise<Violations> {
  vi.clearAllTimers(); // of a run that failed
  unhandled.length = 0;
  const random = seededRandom(seed);
  // Jitters the backoffs: by whole milliseconds, since fake timers know no others.
  vi.spyOn(Math, 'random').mockImplementation(() => Math.floor(random() * 125) / 125);
  const world = createWorld();
  const heard = new Map<string, Decision[]>();
  const hear = (id: string, decision: Decision): void =>
    void heard.set(id, [...(heard.get(id) ?? []), decision]);
  const model = build(branch, world, hear, seed);
  const violations: string[] = [];
  for (const [index, consumer] of calls.entries()) {
    vi.advanceTimersByTime(consumer.afterMs); // by now there is no timer
    heard.clear();
    const seen = await consume(model, consumer, world, `${index}`);
    violations.push(...(await violationsOfCall(seen, branch, world, heard)));
  }
  return violations;
}

async function violationsOfCall(
  seen: Seen,
  branch: Branch,
  world: World,
  heard: ReadonlyMap<string, Decision[]>,
): Promise<Violations> {
  await turn();
  const left = leftBehind(seen, world, vi.getTimerCount());
  const decisions = [...(heard.get('r') ?? [])];
  const played = world.played.filter(({ call }) => call === seen.call);
  await passTime();
  const end = `${seen.consumer.mode}: ${isWhole(seen) ? 'whole' : seen.end}`;
  ends.set(end, (ends.get(end) ?? 0) + 1);
  return [
    ...left,
    ...violationsInAnswer(seen, played),
    ...violationsInTime(seen, played, branch),
    ...violationsInDecision(seen, played, branch, decisions),
    ...violationsInCalls(branch, played),
    ...violationsInNested(branch, heard),
    ...((heard.get('r')?.length ?? 0) > decisions.length ? ['a decision after the end'] : []),
    ...(world.played.filter(({ call }) => call === seen.call).length > played.length
      ? ['a call after the end']
      : []),
    ...leftForEver(seen, world, vi.getTimerCount()),
    ...unhandled.splice(0).map((reason) => `an unhandled rejection: ${String(reason)}`),
  ];
}

describe('laws of calls that fail', () => {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
    process.on('unhandledRejection', hearUnhandled);
  });
  afterAll(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    process.off('unhandledRejection', hearUnhandled);
  });

  it.each<[string, number, StreamScript['tail'][]]>([
    ['and nothing is left of the call', 4000, ['closes', 'more parts', 'breaks']],
    ['also where a stream stays open behind its end', 2000, ['closes', 'stays open']],
  ])(
    "R-20, R-22, R-34, R-38: one member's answer, or its beginning and an error, or an error; %s",
    async (_, numRuns, tails) => {
      ends.clear();
      await fc.assert(
        fc.asyncProperty(runs(tails), async (run) => {
          expect(await violationsOf(run)).toEqual([]);
        }),
        { numRuns },
      );
      expect([...ends.keys()].toSorted()).toEqual(allEnds);
      expect(Math.min(...ends.values())).toBeGreaterThan(10);
    },
    60_000,
  );
});

describe('the laws of calls that fail can be broken', () => {
  const consumer: Consumer = { mode: 'stream', readMs: 0, afterMs: 0, leaves: 'never', hasSignal: false };
  const [start, finish, error]: Part[] = [
    { type: 'stream-start', warnings: [] },
    { type: 'finish', finishReason: stop, usage },
    { type: 'error', error: 'broken' },
  ];
  const failed = { ...finish, finishReason: { unified: 'error', raw: undefined } } as Part;
  const text = (member: string, index: number): Part => ({
    type: 'text-delta',
    id: member,
    delta: `${index}`,
  });
  const metadata = (modelId: string): Part => ({ type: 'response-metadata', modelId });
  const playedBy = (member: string): Played => {
    const keys = [text(member, 0), text(member, 1)].map(keyOf);
    const state = { mayLose: false, at: 0, hasFinished: true, overAt: 0, stream: 'ended' } as const;
    return { member, call: '0', name: `${member}:0`, keys, isWhole: true, ...state };
  };
  const lawsBroken = (...parts: Part[]): Violations => {
    const seen = {
      consumer,
      call: '0',
      parts,
      end: 'ended',
      begunAt: 0,
      settledAt: 0,
      signal: undefined,
    } as const;
    return violationsInAnswer(seen, [playedBy('a'), playedBy('b')]);
  };
  const [begun, whole] = [
    [start!, metadata('a'), text('a', 0)],
    [start!, metadata('a'), text('a', 0), text('a', 1), finish!],
  ];

  it('by nothing that a member may answer', () => {
    expect(lawsBroken(...whole)).toEqual([]);
    expect(lawsBroken(...begun, text('a', 1), error!, failed)).toEqual([]);
  });

  it.each<[string, Part[]]>([
    ['a mix of members, or parts of none', [...begun, text('b', 1), finish!]],
    ['a mix of members, or parts of none', [...begun, ...begun, error!, failed]],
    ['R-22: a whole answer is that of a member', [...begun, finish!]],
    ['R-22: an error comes behind all that was sent', [...begun, error!, failed]],
    ['R-22: an error part only behind content', [start!, error!, failed]],
    ['R-39: it names the member that answered', [start!, metadata('b'), ...whole.slice(2)]],
    ['a second stream-start', [start!, ...whole]],
    ['a stream begins with stream-start', whole.slice(1)],
    ['a second finish', [...whole, finish!]],
    ['something behind the finish', [...whole, text('a', 2)]],
    ['something between the error and its finish', [...begun, error!, text('a', 1), failed]],
    ['an end without a finish', begun],
    ['the reason is `error` if an error part came', [...begun, text('a', 1), error!, finish!]],
    ['the reason is `error` if an error part came', [...begun, text('a', 1), failed]],
  ])('%s', (law, parts) => {
    expect(lawsBroken(...parts)).toContain(law);
  });
});
