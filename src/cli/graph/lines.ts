import type { AlloyConfig, DispatcherConfig } from '../../gateway/index.ts';

/** The text in an alloy's box: how it draws a constituent. */
export function alloyLines({ strategy, redraw, fallback, minContextWindow }: AlloyConfig): string[] {
  return [
    strategy ?? 'weighted',
    ...(minContextWindow === undefined ? [] : [`holds ${sizeText(minContextWindow)}`]),
    ...(redraw === 'turn' ? ['kept within a tool loop'] : []),
    ...(redraw === 'conversation' ? ['kept for a conversation'] : []),
    ...(fallback === false ? ['no fallback'] : []),
  ];
}

/** The text in a dispatcher's box: how it chooses a target. */
export function dispatcherLines(config: DispatcherConfig): string[] {
  const { order, reevaluate, escalations = 1, assumeSessionMaxTokens, fallback } = config;
  return [
    order === undefined || order === 'declared' ? 'first that fits' : order,
    ...(reevaluate === 'sticky' ? ['sticky'] : []),
    ...(reevaluate === 'sticky-escalate' ? [`sticky-escalate, ${escalations} × at most`] : []),
    ...(reevaluate === 'worst-case' ? [`worst-case, ${sizeText(assumeSessionMaxTokens)}`] : []),
    ...(fallback ? ['fallback'] : []),
  ];
}

/** `32K`, or `200,000` */
export const sizeText = (size: number | string | undefined): string =>
  typeof size === 'number' ? size.toLocaleString('en-US') : String(size);
