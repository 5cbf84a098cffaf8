/** examples/gateway/models.toml, as a TOML parser gives it. */
export const example = {
  tokenizer: { kind: 'char_ratio', chars_per_token: 3.5, safety_margin: 1.1 },
  model_defaults: { chars_per_token: 3.5, default_output_tokens: 4096 },
  models: [
    { id: 'local/qwen3.5-35b', context_window: '32K', capacity_fraction: 0.75, chars_per_token: 3.0 },
    { id: 'opencode-go/kimi-k2.6', context_window: 262_144, capacity_fraction: 0.85 },
  ],
  alloys: [
    {
      id: 'fast-smart-blend',
      name: 'Fast + Smart Blend',
      strategy: 'weighted',
      min_context_window: 200_000,
      constituents: [
        { model: 'gemini-2.5-flash', context_window: 1_048_576, weight: 80 },
        { model: 'claude-haiku-4-6', context_window: 200_000, weight: 20 },
      ],
    },
  ],
  cascades: [
    {
      id: 'kimi-with-fallback',
      steps: [{ model: 'opencode-go/kimi-k2.6' }, { model: 'local/qwen3.5-35b' }],
    },
  ],
  dispatchers: [
    {
      id: 'kimi-smart',
      reevaluate: 'sticky_escalate',
      targets: ['local/qwen3.5-35b', 'alloy/fast-smart-blend', 'cascade/kimi-with-fallback'],
      tokenizer: { kind: 'tiktoken', encoding: 'o200k_base' },
    },
    {
      id: 'cost-aware',
      rules: [
        { when: { max_input_tokens: 10_000 }, target: 'local/qwen3.5-35b' },
        { when: { metadata: { tier: 'gold' } }, target: 'opencode-go/kimi-k2.6' },
        { fits_target: true, target: 'alloy/fast-smart-blend' },
      ],
    },
  ],
} as const;
