import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { partsOf, resultOf } from './mock-answers.ts';
import { apiError, modelsOf, streamOf } from './mock-models.ts';
import { modes, run } from './run.ts';

const overlapping = 20;

describe.each(await installations())('ai $major', (installation) => {
  const { aiAlloy, native } = installation;
  const { behaves } = modelsOf(installation);

  /** Resolves for all once as many have come as calls overlap. */
  const barrier = (): (() => Promise<void>) => {
    let [arrived, open] = [0, () => {}];
    const opened = new Promise<void>((resolve) => (open = resolve));
    return () => {
      if (++arrived === overlapping) open();
      return opened;
    };
  };

  describe.each(modes)('%s', (mode) => {
    test.each(['cascade', 'alloy', 'dispatcher'])(
      'R-20: 20 of 20 overlapping calls are answered with the first member down (%s)',
      async (kind) => {
        const [allDown, allUp] = [barrier(), barrier()];
        const fail = async (): Promise<never> => {
          await allDown();
          throw apiError(installation, 503);
        };
        const down = behaves('down', { generate: fail, stream: fail });
        const up = behaves('up', {
          generate: async (call) => {
            await allUp();
            return resultOf(native, { text: `echo ${JSON.stringify(call.prompt)}` });
          },
          stream: async (call) => {
            await allUp();
            return streamOf(partsOf(native, { text: `echo ${JSON.stringify(call.prompt)}` }));
          },
        });
        const sized = [down, up].map((model) => ({ model, contextWindow: '128K' }) as const);
        const model = {
          cascade: () => aiAlloy.cascade({ steps: sized }),
          alloy: () => aiAlloy.alloy({ constituents: sized, random: () => 0 }), // draws the first one
          dispatcher: () => aiAlloy.dispatcher({ targets: sized, fallback: true }),
        }[kind]!();
        const outcomes = await Promise.all(
          Array.from({ length: overlapping }, (_, index) =>
            run(installation, mode, { model, prompt: `question-${index}!` }),
          ),
        );
        expect(outcomes.filter(({ text }, index) => text.includes(`question-${index}!`))).toHaveLength(
          overlapping,
        );
        expect([down.calls.length, up.calls.length]).toEqual([overlapping, overlapping]);
        expect(outcomes.every(({ decision }) => decision?.attempts?.length === 2)).toBe(true);
      },
    );
  });
});
