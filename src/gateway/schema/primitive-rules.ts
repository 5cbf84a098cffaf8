import type { AlloyConfig, CascadeConfig, DispatcherConfig } from '../config.ts';
import { spellingsOf } from './leaves.ts';
import type { Coherence } from './table.ts';

type Buffering = Pick<CascadeConfig, 'afterContent' | 'maxBufferedParts'>;

/** What options of any primitive have to say together. */
export const sharedRules: readonly Coherence<Buffering>[] = [
  {
    about: ['afterContent', 'maxBufferedParts'],
    holds: ({ afterContent, maxBufferedParts }) =>
      maxBufferedParts === undefined || afterContent === 'buffer',
    at: 'maxBufferedParts',
    message: "it has no effect without afterContent 'buffer': set that, or remove it",
    schema: {
      if: { required: ['maxBufferedParts'] },
      then: { required: ['afterContent'], properties: { afterContent: { const: 'buffer' } } },
    },
  },
];

const withoutFallback = 'it has no effect without fallback true: set that, or remove it';

/** An option of what comes after a failure, which in a dispatcher nothing does by default. */
const needsFallback = (
  option: 'fallThroughOn' | 'cooldown' | 'maxRetryAfterMs',
): Coherence<DispatcherConfig> => ({
  about: ['fallback', option],
  holds: (config) => config[option] === undefined || config.fallback === true,
  at: option,
  message: withoutFallback,
  schema: {
    if: { required: [option] },
    then: { required: ['fallback'], properties: { fallback: { const: true } } },
  },
});

/** What those of an alloy have to. */
export const alloyRules: readonly Coherence<AlloyConfig>[] = [
  {
    about: ['fallback', 'fallThroughOn', 'cooldown'],
    // What falls through is also what counts towards a cooldown.
    holds: ({ fallback, fallThroughOn, cooldown: own }) =>
      fallThroughOn === undefined || fallback !== false || own !== undefined,
    at: 'fallThroughOn',
    message: withoutFallback,
    schema: {
      if: { required: ['fallback', 'fallThroughOn'], properties: { fallback: { const: false } } },
      then: { required: ['cooldown'] },
    },
  },
  {
    about: ['fallback', 'maxRetryAfterMs'],
    holds: ({ fallback, maxRetryAfterMs }) => maxRetryAfterMs === undefined || fallback !== false,
    at: 'maxRetryAfterMs',
    message: withoutFallback,
    schema: {
      if: { required: ['maxRetryAfterMs'] },
      then: { properties: { fallback: { not: { const: false } } } },
    },
  },
];

/** An option that only one way to pick a target has. */
const belongsTo = (
  option: 'escalations' | 'assumeSessionMaxTokens',
  way: 'sticky-escalate' | 'worst-case',
): Coherence<DispatcherConfig> => ({
  about: ['reevaluate', option],
  holds: (config) => config[option] === undefined || config.reevaluate === way,
  at: option,
  message: `it has no effect without reevaluate '${way}': set that, or remove it`,
  schema: {
    if: { required: [option] },
    then: { required: ['reevaluate'], properties: { reevaluate: { enum: spellingsOf(way) } } },
  },
});

/** What those of a dispatcher have to. */
export const dispatcherRules: readonly Coherence<DispatcherConfig>[] = [
  {
    about: ['targets', 'rules'],
    holds: ({ targets = [], rules = [] }) => targets.length + rules.length > 0,
    at: 'targets',
    message: 'name a model at least, unless there are rules',
    schema: {
      anyOf: [
        { required: ['targets'], properties: { targets: { minItems: 1 } } },
        { required: ['rules'], properties: { rules: { minItems: 1 } } },
      ],
    },
  },
  needsFallback('fallThroughOn'),
  needsFallback('cooldown'),
  needsFallback('maxRetryAfterMs'),
  belongsTo('escalations', 'sticky-escalate'),
  belongsTo('assumeSessionMaxTokens', 'worst-case'),
  {
    about: ['reevaluate', 'assumeSessionMaxTokens'],
    holds: ({ reevaluate, assumeSessionMaxTokens }) =>
      reevaluate !== 'worst-case' || assumeSessionMaxTokens !== undefined,
    at: 'assumeSessionMaxTokens',
    message: "reevaluate 'worst-case' needs it: say how many input tokens to reckon with, such as '128K'",
    schema: {
      if: { required: ['reevaluate'], properties: { reevaluate: { enum: spellingsOf('worst-case') } } },
      then: { required: ['assumeSessionMaxTokens'] },
    },
  },
];
