// Type tests of ai-alloy/gateway: compiled against ai 4, 5, 6 and 7. Never run.
import { createOpenAI } from '@ai-sdk/openai';
import { createProviderRegistry, customProvider, generateText, type LanguageModel } from 'ai';
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
import { tiktoken } from 'ai-alloy/tiktoken';

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

// A constant configuration is typed as well; one that was loaded is not.
const constant = {
  cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }],
  models: [{ id: 'openai/gpt-5' }],
} as const;
const typed = createModelGateway(constant, { providers: openai });
typed.languageModel('chat');
// @ts-expect-error: no such id
typed.languageModel('chta');
const id: GatewayId<typeof constant> = 'cascade/chat';

const json = {
  cascades: [{ id: 'chat', steps: ['a'], strategy: 'none' }],
  models: [{ id: 'a' }],
  tokenizer: { kind: 'auto' },
};
createModelGateway(json, { providers: (name) => openai(name) }).languageModel('whatever');
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

// @ts-expect-error: an unknown option
createModelGateway(constant, { provider: openai });
// @ts-expect-error: no model
createModelGateway(constant, { providers: () => 5 });
