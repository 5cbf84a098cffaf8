// Type tests of ai-alloy/gateway: compiled against ai 4, 5, 6 and 7. Never run.
import { createOpenAI } from '@ai-sdk/openai';
import { createProviderRegistry, customProvider, embed, generateText, type LanguageModel } from 'ai';
import type { RoutingModel } from 'ai-alloy';
import {
  createModelGateway,
  gatewayJsonSchema,
  parseGatewayConfig,
  type GatewayConfig,
  type GatewayData,
  type GatewayId,
  type GatewayProblem,
} from 'ai-alloy/gateway';
import { loadModelGateway } from 'ai-alloy/load';
import { tiktoken } from 'ai-alloy/tiktoken';
import json from './gateway.json' with { type: 'json' };

const openai = createOpenAI({});

// Exported, so that a consumer's own declarations have to be able to name the type.
export const gateway = createModelGateway(
  {
    models: [{ id: 'openai/gpt-5', context_window: '400K' }],
    alloys: [{ id: 'blend', constituents: ['openai/gpt-5', { model: 'openai/gpt-5', weight: 2 }] }],
    cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }],
    dispatchers: [{ id: 'smart', rules: [{ when: { maxInputTokens: 1000 }, target: 'cascade/chat' }] }],
  },
  { providers: { openai }, tiktoken },
);

const model: LanguageModel = gateway.languageModel('smart');
const routing: RoutingModel = gateway.languageModel('alloy/blend');
void generateText({ model: gateway.languageModel('openai/gpt-5'), prompt: 'Hi' });
gateway.languageModel('blend');
gateway.languageModel('cascade/chat');
gateway.languageModel('dispatcher/smart');
// @ts-expect-error: no such id
gateway.languageModel('smrt');
// @ts-expect-error: of another kind
gateway.languageModel('alloy/smart');
// @ts-expect-error: models have no kind in front
gateway.languageModel('model/openai/gpt-5');

// A provider wherever the installed AI SDK takes one.
void createProviderRegistry({ my: gateway }).languageModel('my:smart');
void customProvider({ languageModels: {}, fallbackProvider: gateway });

// Aliases are ids as well, in either spelling of the list.
const short = {
  models: [{ id: 'openai/gpt-5' }],
  model_shortcuts: [{ alias: 'best', model: 'openai/gpt-5' }],
} as const satisfies GatewayData;
const alias: GatewayId<typeof short> = 'best';
createModelGateway(short, { providers: openai }).languageModel('best');
// @ts-expect-error: no such id
createModelGateway(short, { providers: openai }).languageModel('bset');
const inline = createModelGateway({
  models: [{ id: 'openai/gpt-5' }],
  modelShortcuts: [{ alias: 'best', model: 'openai/gpt-5' }],
});
inline.languageModel(alias);
// @ts-expect-error: an option
createModelGateway({ modelShortcuts: [{ alias: 'best', modl: 'openai/gpt-5' }] });

// A constant configuration is typed as well; one that was loaded is not, nor are the ids of a JSON import.
const constant = {
  cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }],
  models: [{ id: 'openai/gpt-5' }],
} as const;
const typed = createModelGateway(constant, { providers: openai });
typed.languageModel('chat');
// @ts-expect-error: no such id
typed.languageModel('chta');
const id: GatewayId<typeof constant> = 'cascade/chat';

createModelGateway(json, { providers: (name) => openai(name) }).languageModel('whatever');
// @ts-expect-error: its keys are known
createModelGateway({ ...json, model_default: {} });
declare const loaded: GatewayData;
createModelGateway(loaded, { providers: { openai, '*': (name: string) => openai(name) } }).languageModel(
  'whatever',
);

// What isn't declared may be asked for, if the AI SDK resolves it.
createModelGateway(constant, { undeclared: 'ai-sdk' }).languageModel('openai/gpt-4o');

const { config, problems } = parseGatewayConfig(JSON.parse('{}'));
const normalised: GatewayConfig | undefined = config;
const first: GatewayProblem | undefined = problems[0];
if (config) createModelGateway(config, { providers: openai }).languageModel('whatever');
void [model, routing, id, normalised, first, gatewayJsonSchema()];

// Keys and values of what is written in code are checked, in either spelling.
const models = [
  { id: 'a', context_window: '8K' },
  { id: 'b', contextWindow: 9 },
] as const;
createModelGateway({
  $schema: './gateway.schema.json',
  models,
  tokenizer: { kind: 'script_aware', safety_margin: 1.2 },
  modelDefaults: { tokenizer: { kind: 'byte-ratio', bytesPerToken: 3 } },
  proxy: { token_estimator: { strategy: 'tokenizer', tokenizer: 'o200k_base' } },
  alloys: [
    { id: 'c', strategy: 'round_robin', min_context_window: '1K', constituents: ['a', { model: 'b' }] },
  ],
  cascades: [{ id: 'd', fallThroughOn: ['rate_limit', 'server-error'], steps: [{ model: 'a', idle_ms: 5 }] }],
  dispatchers: [
    {
      id: 'e',
      reevaluate: 'sticky_escalate',
      targets: ['c'],
      rules: [
        {
          when: {
            metadata: { tier: ['gold', 1], Own_Name: true },
            between: { from: '09:00', to: '17:00', time_zone: 'UTC' },
          },
          target: { model: 'a', vendor: 'openai' },
        },
      ],
    },
  ],
}).languageModel('dispatcher/e');
const some = [{ id: 'a' }, { id: 'b' }];
createModelGateway({ models: [...some, { id: 'c', context_window: '8K' }] }).languageModel('a');
createModelGateway({ models: some.map(({ id: name }) => ({ id: name, context_window: 8 })) }).languageModel(
  'a',
);
// @ts-expect-error: an option behind others
createModelGateway({ models: [...some, { id: 'c', context_windw: '8K' }] });
// @ts-expect-error: a part
createModelGateway({ model: [] });
// @ts-expect-error: an option
createModelGateway({ models: [{ id: 'a', context_windw: 8 }] });
// @ts-expect-error: a size
createModelGateway({ models: [{ id: 'a', context_window: '8k tokens' }] });
// @ts-expect-error: a word
createModelGateway({ models, dispatchers: [{ id: 'd', targets: ['a'], reevaluate: 'stiky' }] });
// @ts-expect-error: an option of alloys only
createModelGateway({ models, cascades: [{ id: 'c', steps: [{ model: 'a', weight: 2 }] }] });
// @ts-expect-error: no steps
createModelGateway({ models, cascades: [{ id: 'c' }] });
// @ts-expect-error: a condition
createModelGateway({ models, dispatchers: [{ id: 'd', rules: [{ target: 'a', when: { tools: true } }] }] });
// @ts-expect-error: a value
createModelGateway({ models, dispatchers: [{ id: 'd', targets: ['a'], fallback: 'yes' }] });
createModelGateway({
  models,
  // @ts-expect-error: a value of metadata
  dispatchers: [{ id: 'd', rules: [{ target: 'a', when: { metadata: { tier: { a: 1 } } } }] }],
});
const night = { from: '22:00', to: '06:00' } as const;
createModelGateway({
  models,
  // @ts-expect-error: no time zone
  dispatchers: [{ id: 'd', rules: [{ target: 'a', when: { between: night } }] }],
});
createModelGateway({
  models,
  dispatchers: [{ id: 'd', rules: [{ target: 'a', when: { between: { ...night, timeZone: 'UTC' } } }] }],
});
// A word is checked beside lists that the compiler doesn't know, as is what is added to a JSON import.
createModelGateway({ models: some, dispatchers: [{ id: 'd', targets: ['a'], reevaluate: 'sticky' }] });
// @ts-expect-error: a word
createModelGateway({ models: some, dispatchers: [{ id: 'd', targets: ['a'], reevaluate: 'stiky' }] });
createModelGateway({ ...json, cascades: [{ id: 'more', steps: ['chat'] }] }).languageModel('whatever');
// @ts-expect-error: an option
createModelGateway({ ...json, cascades: [{ id: 'more', stesp: ['chat'] }] });

const apart = {
  models,
  cascades: [{ id: 'own', steps: ['a'], fall_through_on: ['default', 'rate_limit'] }],
} as const satisfies GatewayData;
createModelGateway(apart).languageModel('cascade/own');
// @ts-expect-error: no such id
createModelGateway(apart).languageModel('cascade/won');
// @ts-expect-error: a word
void ({ cascades: [{ id: 'own', steps: ['a'], fall_through_on: ['expired'] }] } satisfies GatewayData);

createModelGateway(JSON.parse('{}')).languageModel('whatever');

// What it passes on is what the installed AI SDK takes.
void embed({ model: gateway.textEmbeddingModel('openai/text-embedding-3-small'), value: 'Hi' });
void embed({ model: gateway.embeddingModel('openai/text-embedding-3-small'), value: 'Hi' });
void customProvider({ imageModels: { cat: gateway.imageModel('openai/gpt-image-1') } });

// @ts-expect-error: an unknown option
createModelGateway(constant, { provider: openai });
// @ts-expect-error: no model
createModelGateway(constant, { providers: () => 5 });

// A watched file, and one that is watched only sometimes.
export async function watched(isProduction: boolean): Promise<void> {
  const own = await loadModelGateway('models.yaml', {
    watch: {
      intervalMs: 500,
      onReload: ({ error, ids, removed }) => console.log(error, ids.join(), removed.join()),
    },
  });
  const sometimes = await loadModelGateway('models.yaml', { watch: isProduction });
  for (const each of [own, sometimes]) each.close();
  // @ts-expect-error -- there is no such option
  await loadModelGateway('models.yaml', { watch: { interval: 500 } });
}
