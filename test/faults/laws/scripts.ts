import * as fc from 'fast-check';
import { apiError } from '../../support/models.ts';

const errors = {
  'rate limit': () => apiError(429),
  'rate limit, 20 ms': () => apiError(429, { headers: { 'retry-after-ms': '20' } }),
  'rate limit, 1 s': () => apiError(429, { headers: { 'Retry-After': '1' } }),
  'rate limit, a day': () => apiError(429, { headers: { 'retry-after': '86400' } }),
  quota: () => apiError(429, { body: { error: { code: 'insufficient_quota' } } }),
  500: () => apiError(500),
  503: () => apiError(503),
  400: () => apiError(400),
  401: () => apiError(401),
  network: () => new TypeError('fetch failed'),
  string: () => 'overloaded',
  null: () => null,
} satisfies Record<string, () => unknown>;

export type ErrorKind = keyof typeof errors;
export const errorKinds = Object.keys(errors) as ErrorKind[];

/** A new error each time, as from a provider. */
export const errorOfKind = (kind: ErrorKind): unknown => errors[kind]();

/** What a script shares, whatever is called. */
interface Manners {
  /** How long it takes to begin. 0: no timer at all. */
  readonly afterMs: number;
  /** Ignores its abort signal. */
  readonly isDeaf: boolean;
}

/** One call of `doGenerate`. */
export interface GenerateScript extends Manners {
  readonly end: 'answers' | 'is empty' | 'stays silent' | 'throws' | ErrorKind;
}

const preambleTypes = ['stream-start', 'response-metadata', 'raw', 'ping', 'text-start', 'empty'] as const;
const contentTypes = ['text', 'tool-call'] as const;
export type PartType = (typeof preambleTypes)[number] | (typeof contentTypes)[number];
export type Step = { readonly part: PartType } | { readonly pauseMs: number };

/** One call of `doStream`. */
export interface StreamScript extends Manners {
  readonly opening: 'opens' | 'stays silent' | 'throws' | ErrorKind;
  /** Sends without being asked. */
  readonly isEager: boolean;
  readonly onCancel: 'ends' | 'rejects' | 'hangs';
  readonly steps: readonly Step[];
  readonly end:
    | 'finish: stop'
    | 'finish: other'
    | 'finish: error'
    | 'error part'
    | 'breaks'
    | 'closes'
    | 'stays open';
  /** What comes behind a finish or an error part. */
  readonly tail: 'closes' | 'more parts' | 'breaks' | 'stays open';
}

/** What a member does, call after call, beginning anew when the list is over. */
export interface MemberScript {
  readonly generate: readonly GenerateScript[];
  readonly stream: readonly StreamScript[];
}

const milliseconds = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 200 }));
const manners = {
  afterMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: milliseconds }),
  isDeaf: fc.boolean(),
};
const errorKind = fc.constantFrom(...errorKinds);

const generateScript: fc.Arbitrary<GenerateScript> = fc.record({
  ...manners,
  end: fc.oneof(
    { weight: 3, arbitrary: fc.constant('answers' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('is empty' as const, 'stays silent' as const, 'throws' as const),
    },
    { weight: 4, arbitrary: errorKind },
  ),
});

const pause: fc.Arbitrary<Step> = fc.record({ pauseMs: milliseconds });
const preamblePart: fc.Arbitrary<Step> = fc.record({ part: fc.constantFrom(...preambleTypes) });
const contentPart: fc.Arbitrary<Step> = fc.record({ part: fc.constantFrom(...contentTypes) });
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: preamblePart }, { weight: 1, arbitrary: pause }), {
      maxLength: 3,
    }),
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: contentPart },
        { weight: 1, arbitrary: preamblePart },
        { weight: 2, arbitrary: pause },
      ),
      { maxLength: 7 },
    ),
  )
  .map(([preamble, rest]) => [...preamble, ...rest]);

/** @param tails what may come behind a finish or an error part */
const streamScript = (tails: readonly StreamScript['tail'][]): fc.Arbitrary<StreamScript> =>
  fc.record({
    ...manners,
    opening: fc.oneof(
      { weight: 10, arbitrary: fc.constant('opens' as const) },
      { weight: 1, arbitrary: fc.constantFrom('stays silent' as const, 'throws' as const) },
      { weight: 2, arbitrary: errorKind },
    ),
    isEager: fc.boolean(),
    onCancel: fc.constantFrom('ends', 'ends', 'rejects', 'hangs'),
    steps,
    end: fc.oneof(
      { weight: 5, arbitrary: fc.constant('finish: stop' as const) },
      {
        weight: 6,
        arbitrary: fc.constantFrom<StreamScript['end']>(
          'finish: other',
          'finish: error',
          'error part',
          'breaks',
          'closes',
          'stays open',
        ),
      },
    ),
    tail: fc.constantFrom(...tails),
  });

const some = { minLength: 1, maxLength: 3 };

export const memberScript = (tails: readonly StreamScript['tail'][]): fc.Arbitrary<MemberScript> =>
  fc.record({ generate: fc.array(generateScript, some), stream: fc.array(streamScript(tails), some) });

/** When a member may fall silent for ever: in `doGenerate`, or before or after a stream's first content. */
export type Silence = 'generate' | 'before content' | 'after content';

export function silencesOf({ generate, stream }: MemberScript): ReadonlySet<Silence> {
  const silences = stream.flatMap(silenceIn);
  return new Set([
    ...silences,
    ...(generate.some(({ end }) => end === 'stays silent') ? ['generate' as const] : []),
  ]);
}

function silenceIn({ opening, steps: all, end, tail }: StreamScript): Silence[] {
  if (opening === 'stays silent') return ['before content'];
  const isFinal = end.startsWith('finish') || end === 'error part';
  if (opening !== 'opens' || (end !== 'stays open' && !(isFinal && tail === 'stays open'))) return [];
  const hasContent = isFinal || all.some((step) => 'part' in step && isContent(step.part));
  return [hasContent ? 'after content' : 'before content'];
}

const isContent = (part: PartType): boolean => contentTypes.some((type) => type === part);
