// Primitives by id: from a customProvider, a provider registry, or a plain string.
import { createProviderRegistry, customProvider, generateText } from 'ai';
import { alloy, cascade, decisionOf } from 'ai-alloy';
import { connect } from './support/offline-server.ts';

const { openai, close } = await connect({
  'gpt-4.1': { fails: 503 },
  'gpt-4.1-mini': {},
  'gpt-4o-mini': {},
});

const house = customProvider({
  languageModels: {
    fast: alloy({
      constituents: [
        { model: openai('gpt-4.1-mini'), contextWindow: 1_047_576, weight: 80 },
        { model: openai('gpt-4o-mini'), contextWindow: 128_000, weight: 20 },
      ],
    }),
    // A string id as a step is looked up in the global provider when the step is first needed.
    smart: cascade({
      steps: [{ model: openai('gpt-4.1'), contextWindow: 1_047_576 }, 'fast'],
    }),
  },
});

// By id, from a registry of providers …
const registry = createProviderRegistry({ house });
const { text } = await generateText({ model: registry.languageModel('house:fast'), prompt: 'Hello!' });
console.log('house:fast →', text);

// … or by the string alone, from the global provider.
globalThis.AI_SDK_DEFAULT_PROVIDER = house;
const answer = await generateText({ model: 'smart', prompt: 'Hello!' });
console.log('smart →', answer.text, decisionOf(answer)?.attempts);

await close();
