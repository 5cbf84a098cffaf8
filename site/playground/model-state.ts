/** What a model may be assumed to do. */
export const modelStates = ['up', 'down', 'rate-limited', 'wrong-key', 'on-cooldown'] as const;

/** What a model is assumed to do: answer, fail, or be on cooldown (and answer, once it is called). */
export type ModelState = (typeof modelStates)[number];
