// What servers answer, as recorded: llama.cpp 0.7.0 of Debian (build 11669), the others from their documentation and their
// sources of 2026, left out what nobody reads.

/** A server's answers by path; what isn't there is a 404. */
export type Answers = Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>;

const ok = (body: unknown) => ({ body });

/** `llama-server -m made-up.gguf -c 2048 -np 2`, of a model that was trained for 4096. */
const llamaCpp: Answers = {
  '/props': ok({
    default_generation_settings: { params: { seed: 4294967295, n_predict: -1 }, n_ctx: 1024 },
    total_slots: 2,
    model_alias: 'made-up.gguf',
    model_path: 'made-up.gguf',
    is_sleeping: false,
  }),
  '/v1/models': ok({
    models: [{ name: 'made-up.gguf', model: 'made-up.gguf', parameters: '', details: { format: 'gguf' } }],
    object: 'list',
    data: [
      {
        id: 'made-up.gguf',
        aliases: ['made-up.gguf'],
        object: 'model',
        owned_by: 'llamacpp',
        meta: { vocab_type: 1, n_vocab: 326, n_ctx: 1024, n_ctx_train: 4096, n_embd: 256, size: 3292160 },
      },
    ],
  }),
};

/** The same while it loads its model. */
const loading = {
  status: 503,
  body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
};
const llamaCppLoading: Answers = { '/props': loading, '/v1/models': loading };

const ofRouter = (id: string, status: string) => ({
  id,
  aliases: [],
  object: 'model',
  owned_by: 'llamacpp',
  status: { value: status, args: ['llama-server', '--ctx-size', '1024', '--parallel', '1'] },
  source: 'models_dir',
  context_length: 4096,
});

/** `llama-server --models-dir models -c 1024`: a router, which starts a server for each model. Trained for 4096. */
const llamaCppRouter: Answers = {
  '/props': ok({
    role: 'router',
    models_autoload: true,
    default_generation_settings: { params: null, n_ctx: 0 },
  }),
  '/props?model=alpha&autoload=false': ok({
    default_generation_settings: { params: {}, n_ctx: 1024 },
    total_slots: 1,
    model_alias: 'alpha',
  }),
  '/props?model=beta&autoload=false': {
    status: 400,
    body: { error: { code: 400, message: 'model is not loaded', type: 'invalid_request_error' } },
  },
  '/props?model=gamma&autoload=false': {
    status: 400,
    body: { error: { code: 400, message: "model 'gamma' not found", type: 'invalid_request_error' } },
  },
  '/v1/models': ok({ data: [ofRouter('alpha', 'loaded'), ofRouter('beta', 'unloaded')], object: 'list' }),
};

const ofVllm = (id: string, length: number | null, parent: string | null = null) => ({
  id,
  object: 'model',
  created: 1756885796,
  owned_by: 'vllm',
  root: id,
  parent,
  max_model_len: length,
  permission: [{ id: `modelperm-${id}`, object: 'model_permission', allow_sampling: true }],
});

/** `vllm serve Qwen/Qwen3-8B --max-model-len 8192 --enable-lora --lora-modules legal=…` */
const vllm: Answers = {
  '/v1/models': ok({
    object: 'list',
    data: [ofVllm('Qwen/Qwen3-8B', 8192), ofVllm('legal', null, 'Qwen/Qwen3-8B')],
  }),
};

const listed = (id: string, owner: string) => ({ id, object: 'model', created: 1756885796, owned_by: owner });

const running = (name: string, length?: number) => ({
  name,
  model: name,
  size: 6591830464,
  digest: 'a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a',
  details: { format: 'gguf', family: 'qwen3', parameter_size: '8.2B', quantization_level: 'Q4_K_M' },
  expires_at: '2026-10-17T16:47:07.93355-07:00',
  size_vram: 5333539264,
  ...(length !== undefined && { context_length: length }),
});

const ollamaModels = ok({
  object: 'list',
  data: ['qwen3:8b', 'gemma3:latest', 'mistral:7b'].map((id) => listed(id, 'library')),
});

/** Ollama with two models loaded, one of them without a tag. */
const ollama: Answers = {
  '/v1/models': ollamaModels,
  '/api/ps': ok({ models: [running('qwen3:8b', 4096), running('gemma3', 16384)] }),
};

/** Ollama before it told the context of what it loaded. */
const ollamaOfOld: Answers = {
  '/v1/models': ollamaModels,
  '/api/ps': ok({ models: [running('qwen3:8b')] }),
};

const unknownEndpoint = (path: string) => ok({ error: `Unexpected endpoint or method. (GET ${path})` });

const lmStudioModels = ok({
  object: 'list',
  data: ['google/gemma-4-26b-a4b', 'deepseek-r1'].map((id) => listed(id, 'organization_owner')),
});

const instance = (id: string, length: number) => ({
  id,
  config: { context_length: length, eval_batch_size: 512, parallel: 4, flash_attention: true },
});

/** LM Studio 0.4: one model is loaded twice. */
const lmStudio: Answers = {
  '/props': unknownEndpoint('/props'),
  '/api/ps': unknownEndpoint('/api/ps'),
  '/v1/models': lmStudioModels,
  '/api/v1/models': ok({
    models: [
      {
        type: 'llm',
        key: 'google/gemma-4-26b-a4b',
        loaded_instances: [
          instance('google/gemma-4-26b-a4b', 4096),
          instance('google/gemma-4-26b-a4b:2', 2048),
        ],
        max_context_length: 262144,
        selected_variant: 'google/gemma-4-26b-a4b@q4_k_m',
      },
      { type: 'llm', key: 'deepseek-r1', loaded_instances: [], max_context_length: 131072 },
    ],
  }),
};

/** LM Studio 0.3. */
const lmStudioBefore04: Answers = {
  '/v1/models': lmStudioModels,
  '/api/v0/models': ok({
    object: 'list',
    data: [
      {
        id: 'google/gemma-4-26b-a4b',
        type: 'llm',
        state: 'loaded',
        max_context_length: 262144,
        loaded_context_length: 8192,
      },
      { id: 'deepseek-r1', type: 'llm', state: 'not-loaded', max_context_length: 131072 },
    ],
  }),
};

/** Any server of which only the list of models is known. */
const unknown: Answers = {
  '/v1/models': ok({ object: 'list', data: [{ ...listed('qwen3', 'somebody'), context_length: 262144 }] }),
};

/** All of them by name. */
export const servers = {
  llamaCpp,
  llamaCppLoading,
  llamaCppRouter,
  vllm,
  ollama,
  ollamaOfOld,
  lmStudio,
  lmStudioBefore04,
  unknown,
};
