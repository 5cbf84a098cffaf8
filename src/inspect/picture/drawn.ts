import type { Decision } from '../../decision.ts';
import { routerOf } from '../../routing/copies.ts';
import type { RoutingModel } from '../../sdk/model.ts';
import type { Explained, ValidGateway } from '../explained.ts';
import type { Answer } from './answer.ts';
import { boxesOf } from './boxes.ts';

/**
 * All that a picture and its text show.
 *
 * @param model what was explained
 * @param call the decision of a real call, on stand-ins for the models
 */
export function drawn(
  { config, file, notes }: ValidGateway,
  explained: Explained,
  model: RoutingModel,
  call?: Decision,
): Answer {
  const root = boxesOf(explained.decision, routerOf(model)!, call, { config, textOf: file.textOf });
  return { ...explained, root, notes };
}
