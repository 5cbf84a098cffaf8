/** Every vendor or family that the option `vendor` accepts. */
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
