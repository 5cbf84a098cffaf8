// Makes one call by its plan, and judges what came of it.
import { getEventListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { generateText, isStepCount, streamText } from 'ai';
import { failureOf } from 'ai-alloy';
import { messagesOf, rawTools, sdkTools } from './prompts.mjs';
import { readAnswer } from './words.mjs';

/** A call that isn't over after this long is reported as one that hangs. */
const hangsAfterMs = 30_000;

export async function ask(plan, { primitives, ledger, shared, leftovers }) {
  const { n, aborts, signal: which } = plan;
  const primitive = primitives[plan.primitive];
  const { model, endsCalls, isOverHttp } = primitive;
  const reads = isOverHttp && !plan.isReadToEnd ? 'whole' : plan.reads; // an unread response keeps its socket
  const isLeftAlone = !plan.isReadToEnd && !isOverHttp;
  if (isLeftAlone) ledger.leavesAlone(n);
  const controller = which === 'own' ? new AbortController() : undefined;
  const signal = which === 'shared' ? shared : controller?.signal;
  const state = { n, plan, tries: 0, behaviours: new Set() };
  const isAborted = ['before', 'soon', 'later', 'with a member'].includes(aborts);
  state.mayBeSilent =
    !isLeftAlone && (endsCalls || aborts === 'before' || aborts === 'soon' || aborts === 'later');
  const abort = () => controller.abort(new Error('The caller aborted.'));
  if (aborts === 'with a member') state.onTry = abort;
  ledger.begin(state);
  if (aborts === 'before') abort();
  const timer = new AbortController();
  if (aborts === 'soon' || aborts === 'later') {
    setTimeout(plan.abortsAfterMs, undefined, { signal: timer.signal }).then(abort, () => {});
  }
  const hangs = setTimeout(hangsAfterMs, 'hangs', { signal: timer.signal, ref: false }).catch(() => {});
  const ended = await Promise.race([outcomeOf(model, { ...plan, reads }, signal, ledger), hangs]);
  timer.abort();
  if (aborts === 'after') abort();
  ledger.end(state);
  if (ended === 'hangs') ledger.isWrong(`call ${n} hangs: ${JSON.stringify(plan)}, ${[...state.behaviours]}`);
  else judge(plan, ended, state, { isAborted, endsCalls, ledger });
  // While its stream is not read to the end, a call goes on; and listeners that `ai` adds are not counted.
  if (controller && plan.isRaw && !isLeftAlone) {
    const count = () => getEventListeners(controller.signal, 'abort').length;
    if (count() > 0) leftovers.push(count);
  }
}

const waysOf = {
  async doGenerate(model, plan, signal, ledger) {
    ledger.asked(plan.n);
    const { content } = (await model.doGenerate(rawCall(plan, signal))) ?? {};
    return { text: content.map(({ text = '' }) => text).join('') };
  },
  async doStream(model, plan, signal, ledger) {
    ledger.asked(plan.n);
    const { stream } = await model.doStream(rawCall(plan, signal));
    return readParts(stream, plan);
  },
  async generateText(model, plan, signal, ledger) {
    const { text } = await generateText(sdkCall(countingCalls(model, plan, ledger), plan, signal));
    return { text };
  },
  async streamText(model, plan, signal, ledger) {
    const result = streamText({ ...sdkCall(countingCalls(model, plan, ledger), plan, signal), onError() {} });
    return readParts(result.stream, plan);
  },
};

const outcomeOf = (model, plan, signal, ledger) =>
  waysOf[plan.way](model, plan, signal, ledger).catch((error) => ({ text: '', failed: true, error }));

/** The same model, of which the ledger knows how often `ai` calls it. */
const countingCalls = (model, { n }, ledger) =>
  Object.assign(Object.create(model), {
    doGenerate(call) {
      ledger.asked(n);
      return model.doGenerate(call);
    },
    doStream(call) {
      ledger.asked(n);
      return model.doStream(call);
    },
  });

const common = ({ n, session, tier, maxOutputTokens }) => ({
  providerOptions: { soak: { call: n }, 'ai-alloy': { ...(session && { session }), ...(tier && { tier }) } },
  headers: { 'x-soak-call': String(n) },
  maxOutputTokens,
});

const rawCall = (plan, abortSignal) => ({
  prompt: messagesOf(plan),
  ...(plan.hasTools && { tools: rawTools }),
  ...common(plan),
  abortSignal,
});

const sdkCall = (model, plan, abortSignal) => ({
  model,
  messages: messagesOf(plan),
  ...(plan.hasTools && { tools: sdkTools, stopWhen: isStepCount(3) }),
  ...common(plan),
  abortSignal,
  maxRetries: 0,
});

/** Reads a stream as planned. */
async function readParts(stream, { reads, readsUpTo }) {
  if (reads === 'never') return { text: '', left: true };
  const reader = stream.getReader();
  if (reads === 'cancels at once') {
    await reader.cancel();
    return { text: '', left: true };
  }
  const read = { text: '', steps: [] };
  for (let count = 0; ; count++) {
    if (reads === 'half' && count >= readsUpTo) {
      await reader.cancel();
      return { ...read, left: true };
    }
    const { done, value: part } = await reader.read();
    if (done) return read;
    // Each step of a tool loop is an answer of its own.
    if (part.type === 'start-step') read.text = '';
    if (part.type === 'text-delta') read.text += part.delta ?? part.text;
    if (part.type === 'error' || part.type === 'abort')
      Object.assign(read, { failed: true, error: part.error });
    if (reads === 'slowly') await setTimeout(1);
  }
}

/** An answer is one member's, to this call, and whole unless something failed; and nothing fails without a reason. */
function judge(
  { n, way, prompt },
  { text, failed, left, error },
  { behaviours, tries },
  { isAborted, endsCalls, ledger },
) {
  const { is, n: answered = n } = readAnswer(text);
  const told = () => `call ${n} by ${way}, of members that were ${[...behaviours].join(', ')}`;
  if (is === 'mixed' || answered !== n) ledger.isWrong(`${told()}: got "${text.slice(0, 80)}"`);
  if (is === 'half' && !failed && !left) ledger.isWrong(`${told()}: half an answer passed as whole`);
  const isAllFine = [...behaviours].every((name) => name === 'fine');
  // This process is busy, so that deadlines pass of members that are fine.
  const isLate =
    endsCalls &&
    (error?.attempts ?? [{ failure: failureOf(error).kind }]).every(({ failure }) => failure === 'timeout');
  if (failed && isAllFine && !isAborted && !isLate && prompt !== 'huge') {
    ledger.isWrong(`${told()}: failed after ${tries} tries with ${error?.stack ?? String(error)}`);
  }
  const failure = isAborted ? 'aborted or failed' : isLate ? 'failed by deadlines' : 'failed';
  ledger.outcome(failed ? failure : left ? 'left by the reader' : 'answered');
}
