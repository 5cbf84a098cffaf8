// How far a demand is off from turn to turn of a conversation: what anchoring on reported usage does to it.
import { beginConversation, countOf } from '../conversation.mjs';
import { cascade, decisionOf } from '../../dist/index.js';

const conversations = 20;
const shown = [1, 2, 3, 6];

/** Prints the error of the default estimator by turn, for models with more tokens than o200k_base by some factor. */
export async function anchoring() {
  console.log(
    '\nDemand ÷ real input tokens at some turns of an agent’s conversation that begins with 8,000 tokens, for',
  );
  console.log(
    'models whose tokenizer makes 1, 1.25 and 1.6 tokens of each of o200k_base, and whose vendor isn’t known:',
  );
  console.log(`median of ${conversations} conversations, and the lowest.\n`);
  console.log(
    `| tokens per o200k_base token | ${shown.map((turn) => `turn ${turn}`).join(' | ')} | without anchors |`,
  );
  console.log(`| --- |${' --: |'.repeat(shown.length + 1)}`);
  for (const factor of [1, 1.25, 1.6]) {
    const anchored = await errorsByTurn(factor, true);
    const estimated = await errorsByTurn(factor, false);
    const cells = [...shown.map((turn) => anchored[turn - 1]), estimated.at(-1)].map(summary);
    console.log(`| ${[factor, ...cells].join(' | ')} |`);
  }
}

/** Demand ÷ real, for each turn, of all conversations. */
async function errorsByTurn(factor, anchor) {
  const byTurn = Array.from({ length: shown.at(-1) }, () => []);
  for (let seed = 1; seed <= conversations; seed++) {
    const history = await beginConversation(8000, seed);
    let { prompt } = history;
    // What OpenAI's cookbook counts: 3 per message and 3 for the reply.
    const realOf = () => Math.round(factor * countOf(prompt)) + 3 * prompt.length + 3;
    const model = {
      specificationVersion: 'v4',
      provider: 'unknown',
      modelId: 'unknown',
      supportedUrls: {},
      doStream: () => Promise.reject(new Error('not measured')),
      doGenerate: async () => ({
        content: [{ type: 'text', text: 'Fine.' }],
        finishReason: { unified: 'stop' },
        usage: { inputTokens: { total: realOf() }, outputTokens: { total: 2 } },
        warnings: [],
      }),
    };
    const primitive = cascade({ steps: [{ model, contextWindow: 1_000_000 }], anchor });
    for (const turn of byTurn) {
      const { candidates } = decisionOf(await primitive.doGenerate({ prompt }));
      turn.push(candidates[0].demand.input / realOf());
      prompt = [...prompt, ...history.nextTurn()];
    }
  }
  return byTurn;
}

function summary(ratios) {
  const sorted = ratios.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(3)}, ${sorted[0].toFixed(3)}`;
}
