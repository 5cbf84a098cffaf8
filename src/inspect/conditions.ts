import type { RuleConfig } from '../gateway/index.ts';
import { showMetadata } from './request/metadata.ts';

/** The conditions of a rule in a few words: `≤ 10000 tokens, with tools`. */
export function conditionsOf({ when = {}, fitsTarget }: RuleConfig): string {
  const conditions = [
    ...(when.maxInputTokens === undefined ? [] : [`≤ ${when.maxInputTokens} tokens`]),
    ...(when.minInputTokens === undefined ? [] : [`≥ ${when.minInputTokens} tokens`]),
    ...carried('tools', when.hasTools),
    ...carried('images', when.hasImages),
    ...carried('files', when.hasFiles),
    ...(when.responseFormat === undefined ? [] : [`answer in ${when.responseFormat}`]),
    ...Object.entries(when.metadata ?? {}).map(
      ([key, value]) => `${key} = ${[value].flat().map(showMetadata).join(' or ')}`,
    ),
    ...(when.text === undefined ? [] : [`text has "${when.text}"`]),
    ...(when.between ? [`${when.between.from}–${when.between.to} ${when.between.timeZone}`] : []),
    ...(fitsTarget ? ['if it fits'] : []),
  ];
  return conditions.join(', ') || 'always';
}

function carried(what: string, has: boolean | undefined): string[] {
  if (has === undefined) return [];
  return [`${has ? 'with' : 'without'} ${what}`];
}
