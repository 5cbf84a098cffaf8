import { setImmediate } from 'node:timers/promises';
import { answers, says, wordsOf, type Behaviour, type Stage } from './fault-server.ts';

/** Who gave a whole answer, by its text. */
export const whoSaid = (text: string): string =>
  ['A', 'B'].find((member) => wordsOf(member).join('') === text) ?? `unforeseen: ${text}`;

/** Calls `ask` so many times, with `atOnce` calls under way at any time. */
export async function traffic(
  ask: () => Promise<string>,
  calls: number,
  atOnce: number,
): Promise<readonly string[]> {
  const texts: string[] = [];
  let left = calls;
  const work = async (): Promise<void> => {
    while (left-- > 0) texts.push(await ask());
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return texts.map(whoSaid);
}

/** A member that is switched off and on by hand. */
export interface Switch {
  readonly behaviour: Behaviour;
  fails(): void;
  /** Holds every answer back until the function that it returns is called; from then on it answers. */
  answersWhenTold(): () => void;
}

export function switchable(): Switch {
  const down = says(503, { error: { message: 'Overloaded.', type: 'overloaded_error' } });
  const up = answers();
  let now = down;
  return {
    behaviour: (scene) => now(scene),
    fails: () => void (now = down),
    answersWhenTold() {
      let tell = (): void => {};
      const told = new Promise<void>((resolve) => (tell = resolve));
      now = async (scene) => {
        await told;
        return up(scene);
      };
      return tell;
    },
  };
}

/** A stretch of time on a stage. */
export interface Stretch {
  /** How many there were so far, of all members or of one. */
  requests(of?: string): number;
  /** How many tries there can have been so far, if each keeps the others away for a while. */
  mostTries(restMs: number): number;
}

export function stretch({ arrivals }: Stage): Stretch {
  const begunAt = performance.now();
  const before = arrivals.length;
  return {
    requests: (of) => arrivals.slice(before).filter(({ member }) => member === (of ?? member)).length,
    // Two milliseconds more, since a rest is measured on a clock of whole ones.
    mostTries: (restMs) => 1 + Math.floor((performance.now() - begunAt + 2) / restMs),
  };
}

/** Resolves once the server has seen so many requests. */
export async function untilAsked({ requests }: Stretch, count: number): Promise<void> {
  while (requests() < count) await setImmediate();
}
