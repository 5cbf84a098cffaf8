import type { RuleConfig } from '../../gateway/index.ts';

/** A rule in a few words: `rule 1: ≤ 10000 tokens, with tools`. */
export function ruleLabel({ id, when = {}, fitsTarget }: RuleConfig, index: number): string {
  const conditions = [
    ...(when.maxInputTokens === undefined ? [] : [`≤ ${when.maxInputTokens} tokens`]),
    ...(when.minInputTokens === undefined ? [] : [`≥ ${when.minInputTokens} tokens`]),
    ...carried('tools', when.hasTools),
    ...carried('images', when.hasImages),
    ...carried('files', when.hasFiles),
    ...(when.responseFormat === undefined ? [] : [`answer in ${when.responseFormat}`]),
    ...Object.entries(when.metadata ?? {}).map(([key, value]) => `${key} = ${[value].flat().join(' or ')}`),
    ...(when.text === undefined ? [] : [`text has "${when.text}"`]),
    ...(when.between ? [`${when.between.from}–${when.between.to} ${when.between.timeZone}`] : []),
    ...(fitsTarget ? ['if it fits'] : []),
  ];
  return `rule ${id ?? index}: ${conditions.join(', ') || 'always'}`;
}

function carried(what: string, has: boolean | undefined): string[] {
  if (has === undefined) return [];
  return [`${has ? 'with' : 'without'} ${what}`];
}
