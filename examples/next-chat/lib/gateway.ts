import { join } from 'node:path';
import { createOpenAI } from '@ai-sdk/openai';
import { explain } from 'ai-alloy';
import { parseGatewayConfig, type ModelConfig } from 'ai-alloy/gateway';
import { loadModelGateway, readGatewayFile } from 'ai-alloy/load';
import { mediaTokens } from 'ai-alloy/media';
import { withOutages } from './outages.ts';

// Any server with the OpenAI API. `npm run example -- next-chat` starts one that works offline.
const provider = createOpenAI({
  baseURL: process.env.OPENAI_BASE_URL,
  apiKey: process.env.OPENAI_API_KEY ?? 'offline',
  fetch: withOutages(fetch),
});
const chat = (id: string) => provider.chat(id);

const file = join(process.cwd(), 'models.yaml');

// At module scope: read once, and shared by all requests.
export const gateway = await loadModelGateway(file, {
  providers: { local: chat, cloud: chat },
  mediaTokens: mediaTokens(), // counts images by their size
});
export const model = gateway.languageModel('chat');

/** A model, as the page shows it. */
export interface ShownModel {
  readonly id: string;
  readonly name: string;
  /** In tokens. */
  readonly window: number;
  readonly price: string;
  /** Whether it takes conversations by their size; others are for images. */
  readonly isTarget: boolean;
}

const { config } = parseGatewayConfig((await readGatewayFile(file)).data);
const targets = config?.dispatchers?.[0]?.targets ?? [];

export const shownModels: readonly ShownModel[] = await Promise.all((config?.models ?? []).map(shown));

async function shown(entry: ModelConfig): Promise<ShownModel> {
  const { id, name = id } = entry;
  const { candidates } = await explain(gateway.languageModel(id), { prompt: 'Hi' });
  const window = candidates[0]?.ceiling ?? 0;
  return { id, name, window, price: priceOf(entry), isTarget: targets.includes(id) };
}

function priceOf({ price }: ModelConfig): string {
  return price ? `$${price.input.toFixed(2)} / $${price.output.toFixed(2)}` : 'free';
}
