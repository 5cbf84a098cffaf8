import { foundName, isObject } from '../errors/found.ts';
import { maxTokens } from '../tokens/size.ts';
import type { Get, Json } from './get-json.ts';

/**
 * Reads the context window: a number, a text that says why there is none, or undefined if it is another kind of
 * server.
 */
export type Reader = (get: Get, model: string | undefined) => Promise<number | string | undefined>;

/**
 * llama.cpp: `/props` has the context of one slot. A server with several models is asked about the named one, without
 * loading it; a server with a single model answers whatever the name is.
 */
export const llamaCpp: Reader = async (get, model) => {
  const own = await get('/props');
  if (own?.['role'] !== 'router') return loadingOf(own) ?? slotOf(own);
  if (model === undefined) return 'it serves several models: say which, as model';
  const props = await get(`/props?model=${encodeURIComponent(model)}&autoload=false`);
  const said = messageOf(props);
  return slotOf(props) ?? (said === undefined ? undefined : `it says ${said}: load the model first`);
};

/**
 * `/v1/models`: `max_model_len` of vLLM and SGLang, `meta.n_ctx` of llama.cpp. The window that a model was trained
 * for is there as well, and not read.
 */
export const modelList: Reader = async (get, model) => {
  const entries = listOf((await get('/v1/models'))?.['data']);
  if (entries.length === 0) return undefined;
  const own = model === undefined ? entries : entries.filter(({ id }) => isSame(id, model));
  if (own.length === 0)
    return `it serves ${namesOf(entries, 'id')}, and not ${shown(model)}: name one of them`;
  // An adapter has the window of its base model.
  const bases = own.flatMap(({ parent }) => entries.filter(({ id }) => parent && id === parent));
  const sizes = [...own, ...bases].flatMap(
    (each) => sizeOf(each['max_model_len']) ?? sizeOf(each['meta']?.n_ctx) ?? [],
  );
  if (model === undefined && new Set(sizes).size > 1)
    return `it serves ${namesOf(entries, 'id')}: say which, as model`;
  return sizes[0];
};

/** Ollama: `/api/ps` lists the loaded models, each with the `num_ctx` that it was loaded with. */
export const ollama: Reader = async (get, model) => {
  const answer = await get('/api/ps');
  if (!Array.isArray(answer?.['models'])) return undefined;
  const loaded = listOf(answer['models']);
  const isOwn = ({ name, model: id }: Json): boolean => isSame(name, model) || isSame(id, model);
  return sizeIn(
    loaded
      .filter((each) => model === undefined || isOwn(each))
      .map((each) => [each['name'], each['context_length']]),
    model,
  );
};

/** LM Studio from 0.4 on: `/api/v1/models` lists all models, and the context with which each is loaded. */
export const lmStudio: Reader = async (get, model) => {
  const answer = await get('/api/v1/models');
  if (!Array.isArray(answer?.['models'])) return undefined;
  const loaded = listOf(answer['models']).flatMap(
    ({ key, selected_variant: variant, loaded_instances: instances }) =>
      listOf(instances)
        .filter(({ id }) => model === undefined || [key, variant, id].some((name) => isSame(name, model)))
        .map(({ id, config }) => [id, config?.context_length] as const),
  );
  return sizeIn(loaded, model);
};

/** LM Studio before 0.4: the same from `/api/v0/models`. */
export const lmStudioBefore04: Reader = async (get, model) => {
  const entries = listOf((await get('/api/v0/models'))?.['data']).filter((each) => 'state' in each);
  if (entries.length === 0) return undefined;
  const loaded = entries.filter(
    ({ id, state }) => state === 'loaded' && (model === undefined || isSame(id, model)),
  );
  return sizeIn(
    loaded.map((each) => [each['id'], each['loaded_context_length']]),
    model,
  );
};

/** The context of the loaded model; the smallest if it is loaded several times. */
function sizeIn(loaded: readonly (readonly [name: unknown, size: unknown])[], model: string | undefined) {
  if (loaded.length === 0) {
    return `it has not loaded ${model === undefined ? 'a model' : shown(model)}: send it a request first`;
  }
  const names = new Set(loaded.map(([name]) => name));
  if (model === undefined && names.size > 1) return 'it has loaded several models: say which, as model';
  const sizes = loaded.flatMap(([, size]) => sizeOf(size) ?? []);
  return sizes.length === loaded.length
    ? Math.min(...sizes)
    : 'it does not say what it loaded the model with: update it';
}

/** `n_ctx` of a slot; a server with several models has 0 there. */
const slotOf = (props: Json | undefined): number | undefined =>
  sizeOf(props?.['default_generation_settings']?.n_ctx);

/** llama.cpp answers with 503 until its model is loaded. */
const loadingOf = (answer: Json | undefined): string | undefined =>
  answer?.['error']?.code === 503 ? `it says ${messageOf(answer)}: wait for it` : undefined;

function messageOf(answer: Json | undefined): string | undefined {
  const message: unknown = answer?.['error']?.message;
  return typeof message === 'string' ? foundName(message).shown : undefined;
}

const sizeOf = (value: unknown): number | undefined =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= maxTokens
    ? (value as number)
    : undefined;

const listOf = (value: unknown): readonly Json[] =>
  (Array.isArray(value) ? value.filter(isObject) : []) as readonly Json[];

/** In Ollama, a name without a tag means the tag `:latest`. */
const isSame = (name: unknown, model: string | undefined): boolean =>
  typeof name === 'string' && model !== undefined && plain(name) === plain(model);

const plain = (name: string): string => name.toLowerCase().replace(/:latest$/, '');

const maxNames = 10;

function namesOf(entries: readonly Json[], key: string): string {
  const names = entries.slice(0, maxNames).map((each) => shown(each[key]));
  return names.join(', ') + (entries.length > maxNames ? ' and more' : '');
}

const shown = (name: unknown): string => foundName(String(name)).shown;
