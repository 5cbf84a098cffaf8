// The models that are called. One member of each counts with `callNumber`, so that its decisions name their call.
import { alloy, cascade, dispatcher, seededRandom } from 'ai-alloy';
import { callNumber } from './ledger.mjs';
import { soakModel } from './member.mjs';

/** Each attempt is over after `totalMs`, which is less than what a late member takes. */
const deadlines = { firstContentMs: 100, idleMs: 100, totalMs: 250, deadlineMs: 1500 };
const anyFailure = () => true;

/** A store in this process, which fails now and then. */
function unreliableStore(random) {
  const entries = new Map();
  const mayFail = async () => {
    if (random() < 0.02) throw new Error('The store is down.');
  };
  return {
    get: (key) => mayFail().then(() => entries.get(key)),
    set: (key, value) => mayFail().then(() => void entries.set(key, value)),
  };
}

/** The models by name; `endsCalls` says that a call ends even if a member stays silent. */
export function createPrimitives(ledger, http) {
  const models = ['m1', 'm2', 'm3', 'm4'].map((id) => soakModel(id, ledger));
  const small = { id: 'm1', model: models[0], contextWindow: 8_000 };
  const middle = { id: 'm2', model: models[1], contextWindow: '64K' };
  const large = { id: 'm3', model: models[2], contextWindow: '1M' };
  const named = { id: 'm4', model: models[3], contextWindow: '10M', estimator: callNumber };
  const random = seededRandom(ledger.seed);
  const store = unreliableStore(random);
  const cooldown = { failures: 3, ms: 50 };
  const rules = [
    { when: { metadata: { tier: 'gold' } }, target: large },
    { when: ({ text }) => text.includes('nobody asks this'), target: middle },
  ];
  return {
    cascade: { model: cascade({ id: 'c1', steps: [small, middle, large, named], cooldown, retries: 1 }) },
    'cascade with deadlines': {
      endsCalls: true,
      model: cascade({ id: 'c2', steps: [small, middle, named], ...deadlines, fallThroughOn: anyFailure }),
    },
    'buffering cascade': {
      endsCalls: true,
      model: cascade({
        id: 'c3',
        steps: [middle, large, named],
        afterContent: 'buffer',
        onTruncation: 'error',
        cooldown: { ...cooldown, store },
        ...deadlines,
      }),
    },
    alloy: { model: alloy({ id: 'a1', constituents: [large, named], redraw: 'turn', random }) },
    'alloy in turns': {
      endsCalls: true,
      model: alloy({ id: 'a2', constituents: [large, named], strategy: 'round-robin', ...deadlines }),
    },
    dispatcher: {
      model: dispatcher({
        id: 'd1',
        rules,
        targets: [small, middle, named],
        reevaluate: 'sticky-escalate',
        fallback: true,
        cooldown,
      }),
    },
    'dispatcher with sessions': {
      endsCalls: true,
      model: dispatcher({
        id: 'd2',
        // None is too small for most calls: of calls of one session that overlap, a late one takes a promotion back.
        targets: [middle, large, named],
        reevaluate: 'sticky-escalate',
        escalations: 3,
        session: { store },
        fallback: true,
        fallThroughOn: anyFailure,
        ...deadlines,
      }),
    },
    nested: {
      endsCalls: true,
      model: cascade({
        id: 'n1',
        deadlineMs: 1500,
        totalMs: 300,
        fallThroughOn: anyFailure,
        steps: [
          dispatcher({ id: 'n2', rules, targets: [small, middle] }),
          alloy({ id: 'n3', constituents: [middle, large], ...deadlines }),
          named,
        ],
      }),
    },
    'over HTTP': {
      endsCalls: true,
      isOverHttp: true,
      model: cascade({
        id: 'h0',
        steps: [
          { id: 'h1', model: http('h1'), contextWindow: '1M' },
          { id: 'h2', model: http('h2'), contextWindow: '1M' },
          named,
        ],
        ...deadlines,
        retries: 1,
      }),
    },
  };
}
