import type { Cooldown } from '../../stores/cooldown.ts';
import type { AcceptAnswer } from '../options.ts';
import { accepting } from './accepting.ts';
import { cooling } from './cooling.ts';
import { once } from './once.ts';
import { retrying } from './retrying.ts';
import type { Layer, Try } from './try.ts';

/** The options that add a layer. */
interface Layered {
  readonly cooldown: Cooldown | undefined;
  readonly acceptAnswer: AcceptAnswer | undefined;
  readonly retries: boolean;
}

/** How a primitive tries a member: one attempt, wrapped in the layers that its options ask for, the outermost last. */
export function triesOf({ cooldown, acceptAnswer, retries }: Layered): Try {
  const layers: Layer[] = [];
  if (cooldown) layers.push(cooling(cooldown));
  if (acceptAnswer) layers.push(accepting(acceptAnswer));
  if (retries) layers.push(retrying);
  return layers.reduce<Try>((next, layer) => layer(next), once);
}
