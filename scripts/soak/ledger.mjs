import { onDecision } from 'ai-alloy';

/** How many of what went wrong are told in full. */
const mostTold = 20;

/** What is known of all calls: who was called, what was announced, what came of it, and what is still open. */
export function createLedger(seed, calls) {
  const states = new Map();
  const begun = new Uint8Array(calls + 1);
  const heard = new Uint8Array(calls + 1);
  const open = new Map();
  const waiting = new Map();
  const outcomes = new Map();
  const wrong = [];
  const leftAlone = new Uint8Array(calls + 1);
  const registry = new FinalizationRegistry(() => prompts.held--);
  const prompts = { held: 0 };
  let unnamed = 0;
  let wrongs = 0;
  let next = 0;

  const count = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const note = (where, what) => {
    const key = next++;
    where.set(key, what);
    return () => void where.delete(key);
  };
  const ledger = {
    seed,
    outcomes,
    open,
    waiting,
    wrong,
    prompts,
    /** The caller of a call leaves its stream without reading it to the end. */
    leavesAlone: (n) => void (leftAlone[n] = 1),
    get wrongs() {
      return wrongs;
    },
    begin: (state) => void states.set(state.n, state),
    end: ({ n }) => void states.delete(n),
    /** The calls under way. */
    underWay: () => [...states.keys()],
    stateOf: (n) => states.get(n),
    /** A primitive that announces its decisions is called. */
    asked: (n) => void begun[n]++,
    isHeard: (n) => heard[n] === begun[n],
    /** A member is called. */
    called(member, n) {
      const state = states.get(n);
      if (!state && !leftAlone[n]) ledger.isWrong(`call ${n}: ${member} was called when the call was over`);
      const tries = state ? state.tries++ : 0;
      state?.onTry?.();
      return { state, tries };
    },
    outcome: (name) => count(outcomes, name),
    isWrong(what) {
      wrongs++;
      if (wrong.length < mostTold) wrong.push(what);
    },
    /** A member opens a stream; nobody has to close that of a call that nobody reads. */
    opens: (what, n) => (leftAlone[n] ? () => {} : note(open, what)),
    /** A member waits for the end of its attempt. */
    waits: (what) => note(waiting, what),
    /** Counts a prompt for as long as anything holds it. */
    watchPrompt(prompt) {
      prompts.held++;
      registry.register(prompt);
    },
    /** Receives the decision of a call. */
    hear(decision) {
      const n = callOf(decision);
      if (n === undefined) unnamed++;
      else heard[n]++;
    },
    /** Calls of which a decision is missing or announced twice, once all of them are over. */
    decisions() {
      const twice = [];
      const missing = [];
      for (let n = 1; n <= calls; n++) {
        if (heard[n] > begun[n]) twice.push(n);
        if (heard[n] < begun[n] && !leftAlone[n]) missing.push(n);
      }
      return { twice, missing, unnamed };
    },
  };
  onDecision(ledger.hear);
  return ledger;
}

/** Counts every call as so many tokens as the call's number, so that each decision names its call. */
export const callNumber = {
  id: 'call-number',
  estimateText: () => 0,
  estimateCall: ({ providerOptions }) => providerOptions.soak.call,
  ignoresVendor: true,
};

/** Which call a decision is of; undefined where the call ended before it was counted. */
export const callOf = (decision) =>
  decision?.candidates.find(({ demand }) => demand.estimator === callNumber.id)?.demand.input;
