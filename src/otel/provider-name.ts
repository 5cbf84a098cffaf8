// The values of `gen_ai.provider.name` that OpenTelemetry's conventions define (semantic-conventions-genai, November
// 2026), by the beginning of the provider names of the AI SDK's packages; more particular ones first.
const names: readonly (readonly [beginning: string, name: string])[] = [
  ['google.vertex', 'gcp.vertex_ai'],
  ['google-vertex', 'gcp.vertex_ai'],
  ['googleVertex', 'gcp.vertex_ai'],
  ['vertex', 'gcp.vertex_ai'],
  ['google', 'gcp.gemini'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['bedrock', 'aws.bedrock'],
  ['azure', 'azure.ai.openai'],
  ['azure-openai', 'azure.ai.openai'],
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['mistral', 'mistral_ai'],
  ['cohere', 'cohere'],
  ['groq', 'groq'],
  ['deepseek', 'deepseek'],
  ['perplexity', 'perplexity'],
  ['xai', 'x_ai'],
  ['moonshotai', 'moonshot_ai'],
];

/** A provider's name in the words of OpenTelemetry's conventions; as it is, where they have no word for it. */
export function providerName(provider: string): string {
  const found = names.find(([beginning]) => provider === beginning || provider.startsWith(`${beginning}.`));
  return found ? found[1] : provider;
}
