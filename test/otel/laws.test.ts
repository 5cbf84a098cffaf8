import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { instrument } from 'ai-alloy/otel';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { seededRandom, type Decision } from '../../src/index.ts';
import { build, compositions, type Branch } from '../faults/laws/compositions.ts';
import { consume, consumers, passTime, type Consumer } from '../faults/laws/consumers.ts';
import { createWorld } from '../faults/laws/scripted-model.ts';
import { recorded, withContexts, type Point, type Recorded } from './recorded.ts';

/** A composition and the calls that are made on it; `deadlineMs` ends what would never end by itself. */
interface Run {
  readonly branch: Branch;
  readonly calls: readonly Consumer[];
  readonly seed: number;
  readonly hasContexts: boolean;
}

const runs: fc.Arbitrary<Run> = fc.record({
  branch: compositions(['closes', 'more parts', 'breaks', 'stays open']).map((branch) => {
    return { ...branch, options: { deadlineMs: 700, ...branch.options } };
  }),
  calls: fc.array(consumers, { minLength: 1, maxLength: 3 }),
  seed: fc.nat(),
  hasContexts: fc.boolean(),
});

let memory: Recorded;
/** How spans ended: a law about something that never happens says nothing. */
const outcomes = new Map<unknown, number>();

const idOf = (span: ReadableSpan): string => span.spanContext().spanId;
const isAttempt = ({ attributes }: ReadableSpan): boolean => 'ai_alloy.attempt.number' in attributes;

async function violationsOf({ branch, calls, seed, hasContexts }: Run): Promise<string[]> {
  vi.clearAllTimers(); // of a run that failed
  memory = recorded();
  const stop = instrument({ tracerProvider: memory.tracerProvider, meterProvider: memory.meterProvider });
  const forgetContexts = hasContexts ? withContexts() : () => {};
  const random = seededRandom(seed);
  vi.spyOn(Math, 'random').mockImplementation(() => Math.floor(random() * 125) / 125);
  const world = createWorld();
  const heard: Decision[] = [];
  const hear = (id: string, decision: Decision): void => void (id === 'r' && heard.push(decision));
  const model = build(branch, world, hear, seed);
  for (const [index, consumer] of calls.entries()) {
    vi.advanceTimersByTime(consumer.afterMs);
    await consume(model, consumer, world, `${index}`);
    await passTime();
  }
  forgetContexts();
  stop();
  const violations = [...violationsInSpans(heard), ...violationsInMetrics(await memory.metrics())];
  await memory.shutdown();
  return violations;
}

function violationsInSpans(heard: readonly Decision[]): string[] {
  const { started, ended } = memory.counting;
  const spans = memory.spans();
  const byId = new Map(spans.map((span) => [idOf(span), span]));
  const violations: string[] = [];
  const law = (name: string, holds: boolean): void => void (holds || violations.push(name));
  law('every span that is started is ended', started.length === spans.length);
  law('no span is ended twice', ended.length === started.length);
  for (const span of spans) {
    const outcome = span.attributes['ai_alloy.outcome'];
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    law('a span says how it ended', outcome !== undefined);
    law(
      'an error is said of whatever did not answer',
      'error.type' in span.attributes === (outcome !== 'answered'),
    );
    const parent = byId.get(span.parentSpanContext?.spanId ?? '');
    law('an attempt is inside a call', !isAttempt(span) || (parent !== undefined && !isAttempt(parent)));
    if (parent) law('a child begins after its parent', compare(parent.startTime, span.startTime) <= 0);
    law('a span ends after its beginning', compare(span.startTime, span.endTime) <= 0);
  }
  const roots = spans.filter(({ parentSpanContext }) => !parentSpanContext);
  law('a call is one tree', roots.length === heard.length);
  for (const [index, decision] of heard.entries()) {
    const root = roots[index];
    if (root) violations.push(...differences(root, decision, spans));
  }
  return violations;
}

/** the tree of spans and the decision say the same. */
function differences(span: ReadableSpan, decision: Decision, spans: readonly ReadableSpan[]): string[] {
  const childrenOf = (parent: ReadableSpan): ReadableSpan[] =>
    spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === idOf(parent));
  const { attributes } = span;
  const attempts = childrenOf(span);
  const { omitted, attempts: decided = [] } = decision;
  const differs: string[] = [];
  if (attributes['ai_alloy.primitive.id'] !== decision.id) differs.push('R-51: another primitive');
  if (attributes['ai_alloy.outcome'] !== decision.outcome) differs.push('R-51: another outcome');
  if (attributes['ai_alloy.answered_by'] !== decision.answeredBy) differs.push('R-51: another member');
  if (omitted) return differs;
  const said = (id: unknown, outcome: unknown, failure: unknown): string => [id, outcome, failure].join(' ');
  const inSpans = attempts.map(({ attributes: of }) =>
    said(of['ai_alloy.member.id'], of['ai_alloy.outcome'], of['error.type']),
  );
  const inDecision = decided.map(({ id, outcome, failure }) => said(id, outcome, failure));
  if (inSpans.join() !== inDecision.join()) differs.push(`R-51: ${inSpans.join()} for ${inDecision.join()}`);
  for (const [index, attempt] of decided.entries()) {
    const inner = attempt.decision && attempts[index] && childrenOf(attempts[index])[0];
    if (inner) differs.push(...differences(inner, attempt.decision!, spans));
  }
  return differs;
}

function violationsInMetrics(metrics: Record<string, Point[]>): string[] {
  const spans = memory.spans();
  const violations: string[] = [];
  const total = (name: string): number =>
    (metrics[name] ?? []).reduce(
      (sum, { value }) => sum + (typeof value === 'number' ? value : value.count),
      0,
    );
  const attempts = spans.filter(isAttempt);
  if (total('ai_alloy.attempts') !== attempts.length) violations.push('attempts are counted once');
  const calls = spans.length - attempts.length;
  if (total('ai_alloy.call.duration') !== calls) violations.push('calls are counted once');
  return violations;
}

const compare = (a: readonly [number, number], b: readonly [number, number]): number =>
  a[0] - b[0] || a[1] - b[1];

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => vi.clearAllTimers());
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('R-51: each span is ended once whatever happens, and spans say what the decision says', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (run) => {
      expect(await violationsOf(run)).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect([...outcomes.keys()].toSorted()).toEqual(['aborted', 'answered', 'failed']);
  expect(Math.min(...outcomes.values())).toBeGreaterThan(50);
}, 120_000);
