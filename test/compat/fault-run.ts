import type { LanguageModel } from 'ai';
import type { Attempt, Decision } from '../../src/index.ts';
import { half, wordsOf, type Stage } from './fault-server.ts';
import type { Installation } from './installations.ts';
import { optionsOf, type Mode } from './run.ts';

/** What the consumer of `generateText` or `streamText` sees of a call. */
export interface Seen {
  readonly text: string;
  /** In the order in which they came: thrown, or as parts. */
  readonly errors: readonly unknown[];
  readonly finishReason: string | undefined;
  /** The types of a stream's parts from the first error on, and the finish reason. */
  readonly ending: readonly string[];
}

/** A call that is over, from all sides. */
export interface Played {
  /** What the consumer saw, in a few words. */
  readonly outcome: string;
  readonly ending: readonly string[];
  /** Who was asked, request by request: `AAB`. */
  readonly asked: string;
  /** Milliseconds between A's requests. */
  readonly gaps: readonly number[];
  /** Whether every connection was given back or closed, also those of members that were given up. */
  readonly isClosed: boolean;
  /** Of all decisions that were announced, one per call on the model: `A: timeout idleMs`, `B: answered`. */
  readonly decisions: readonly (readonly string[])[];
}

/** What to call, and what can be seen of it from behind. */
export interface Play {
  readonly model: LanguageModel;
  readonly stage: Stage;
  /** What `onDecision` was given. */
  readonly decisions: readonly Decision[];
}

/** What has not come after so long never comes. */
const neverMs = 15_000;

/** Runs a call to its end, and until all that belongs to it is over. */
export async function play(
  installation: Installation,
  mode: Mode,
  { model, stage, decisions }: Play,
  options: object = {},
): Promise<Played> {
  const request = optionsOf(installation, { model, ...options });
  const consume = mode === 'generate' ? generated : streamed;
  const seen = await inTime(consume(installation, request));
  const isClosed = await inTime(Promise.all(stage.arrivals.map(({ closed }) => closed)));
  const ofA = stage.arrivals.filter(({ member }) => member === 'A');
  return {
    outcome: seen ? outcomeOf(installation, seen) + retriesIn(ofA.length - 1) : 'never ends',
    ending: seen?.ending ?? [],
    asked: stage.arrivals.map(({ member }) => member).join(''),
    gaps: ofA.slice(1).map(({ at }, index) => at - ofA[index]!.at),
    isClosed: isClosed !== undefined,
    decisions: decisions.map(({ attempts = [] }) => attempts.map(attemptOf)),
  };
}

async function inTime<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout;
  const never = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, neverMs, undefined)));
  return Promise.race([promise, never]).finally(() => clearTimeout(timer));
}

async function generated({ sdk }: Installation, options: never): Promise<Seen> {
  try {
    const { text, finishReason } = await sdk.generateText(options);
    return { text, finishReason, errors: [], ending: [] };
  } catch (error) {
    return { text: '', finishReason: undefined, errors: [error], ending: [] };
  }
}

/** Reads a stream to its end, and awaits all promises of its result. */
async function streamed({ sdk, major }: Installation, options: never): Promise<Seen> {
  const result = sdk.streamText(options);
  let text = '';
  let finishReason: string | undefined;
  const errors: unknown[] = [];
  const ending: string[] = [];
  try {
    for await (const part of result.fullStream as AsyncIterable<{ type: string; [field: string]: unknown }>) {
      if (part.type === 'text-delta') text += String(part['text'] ?? part['textDelta']); // `textDelta` is ai 4's
      if (part.type === 'error') errors.push(part['error']);
      if (part.type === 'finish') finishReason = String(part['finishReason']);
      if (errors.length > 0) ending.push(part.type === 'finish' ? `finish: ${finishReason}` : part.type);
    }
  } catch (error) {
    errors.push(error);
    ending.push('thrown');
  }
  // ai 4 leaves the promises of a stream pending for ever if the model rejected the call: any model, not just ours.
  const isLeftPending = major === 4 && finishReason === undefined;
  const promises = isLeftPending ? [] : fields.map(async (field) => result[field]);
  await Promise.allSettled(promises);
  return { text, finishReason, errors, ending };
}

/** Promises that the result of `streamText` has in all generations. */
const fields = [
  'text',
  'finishReason',
  'usage',
  'steps',
  'response',
  'request',
  'warnings',
  'toolCalls',
  'providerMetadata',
] as const;

/** Exactly one member's whole answer, the first half of one and an error, or an error; all else is unforeseen. */
function outcomeOf({ aiAlloy }: Installation, { text, errors, finishReason }: Seen): string {
  const [error] = errors;
  const isHalf = text === wordsOf('A').slice(0, half).join('');
  if (errors.length === 1 && (isHalf || text === '')) {
    return `${isHalf ? 'half of A, then ' : ''}error: ${aiAlloy.failureOf(error).kind}`;
  }
  const whole = ['A', 'B'].find((member) => text === wordsOf(member).join(''));
  if (whole && (errors.length === 0 || finishReason === 'stop')) {
    const beside = errors.length > 0 ? ', beside an error part' : '';
    return `${whole} answers${finishReason === 'stop' ? '' : ` (${finishReason})`}${beside}`;
  }
  return `unforeseen: ${JSON.stringify({ text, finishReason, errors: errors.map(String) })}`;
}

const retriesIn = (retries: number): string =>
  retries <= 0 ? '' : retries === 1 ? ' after 1 retry' : ` after ${retries} retries`;

function attemptOf({ id, outcome, failure, deadline }: Attempt): string {
  const what = [failure ?? outcome, deadline].filter(Boolean).join(' ');
  return `${id.split('/').at(-1)}: ${what}`;
}
