import type { AlloyConfig, CascadeConfig, DispatcherConfig } from '../../gateway/index.ts';
import type { Price } from '../../price.ts';
import type { DeclaredPrimitive } from '../declared.ts';

/** The text in a primitive's box, below its name: its kind, and what changes where it sends requests. */
export function primitiveLines(primitive: DeclaredPrimitive): string[] {
  const { kind, config } = primitive;
  const [how, ...lines] = linesOf(primitive);
  return [
    `${kind}, ${how}`,
    ...lines,
    ...(config.afterContent === 'buffer' ? ['streams held back until whole'] : []),
    ...(config.cooldown ? [cooldownText(config.cooldown)] : []),
  ];
}

function linesOf({ kind, config }: DeclaredPrimitive): string[] {
  if (kind === 'alloy') return alloyLines(config);
  if (kind === 'dispatcher') return dispatcherLines(config);
  return [isDeclared(config.order) ? 'in order' : config.order];
}

export const isDeclared = (order: string | undefined): order is 'declared' | undefined =>
  order === undefined || order === 'declared';

/** How an alloy draws a constituent. */
function alloyLines({ strategy, redraw, fallback, minContextWindow }: AlloyConfig): string[] {
  return [
    strategy ?? 'weighted',
    ...(minContextWindow === undefined ? [] : [`holds ${sizeText(minContextWindow)}`]),
    ...(redraw === 'turn' ? ['kept within a tool loop'] : []),
    ...(redraw === 'conversation' ? ['kept for a conversation'] : []),
    ...(fallback === false ? ['no fallback'] : []),
  ];
}

/** How a dispatcher chooses a target. */
function dispatcherLines(config: DispatcherConfig): string[] {
  const { order, reevaluate, escalations = 1, assumeSessionMaxTokens, fallback } = config;
  return [
    isDeclared(order) ? 'first that fits' : order,
    ...(reevaluate === 'sticky' ? ['sticky'] : []),
    ...(reevaluate === 'sticky-escalate' ? [`sticky-escalate, ${escalations} × at most`] : []),
    ...(reevaluate === 'worst-case' ? [`worst-case, ${sizeText(assumeSessionMaxTokens)}`] : []),
    ...(fallback ? ['fallback'] : []),
  ];
}

/** `cooldown: 30 s after 3 failures` */
function cooldownText({ failures, ms }: NonNullable<CascadeConfig['cooldown']>): string {
  return `cooldown: ${durationText(ms)} after ${failures} ${failures === 1 ? 'failure' : 'failures'}`;
}

function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms < 120_000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Number((ms / 60_000).toFixed(1))} min`;
}

/** `$1.25 in, $10 out per million` */
export function priceText({ input, output, cachedInput }: Price): string {
  const cached = cachedInput === undefined ? '' : ` (cached $${cachedInput})`;
  return `$${input}${cached} in, $${output} out per million`;
}

/** `32K`, or `200,000` */
export const sizeText = (size: number | string | undefined): string =>
  typeof size === 'number' ? size.toLocaleString('en-US') : String(size);
