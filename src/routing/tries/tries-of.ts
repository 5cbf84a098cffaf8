import type { Cooldown } from '../../stores/cooldown.ts';
import { cooling } from './cooling.ts';
import { once } from './once.ts';
import { retrying } from './retrying.ts';
import type { Layer, Try } from './try.ts';

/** How a primitive tries a member: one attempt, wrapped in the layers that its options ask for, the outermost last. */
export function triesOf(cooldown: Cooldown | undefined, retries: boolean): Try {
  const layers: Layer[] = [];
  if (cooldown) layers.push(cooling(cooldown));
  if (retries) layers.push(retrying);
  return layers.reduce<Try>((next, layer) => layer(next), once);
}
