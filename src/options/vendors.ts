/** Every vendor that can be named. */
export const vendors = [
  'openai',
  'anthropic',
  'google',
  'qwen',
  'llama',
  'gemma',
  'deepseek',
  'mistral',
  'kimi',
  'glm',
  'gpt-oss',
  'generic',
] as const;
