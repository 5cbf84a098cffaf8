import * as ai from 'ai';
import { sdkProvider, type SdkProvider } from '../sdk/native.ts';

/** Asks it for something. */
export type AskSdk = <Answer>(ask: (provider: SdkProvider) => Answer) => Answer;

/** Undefined in ai 4, which resolves none. */
export function createAskSdk(): AskSdk | undefined {
  const gateway = ai.gateway as unknown as SdkProvider | undefined;
  if (!gateway) return undefined;
  let isAsking = false;
  return (ask) => {
    // Where a gateway of ours is the global provider itself, what stands behind that is the AI SDK's own.
    if (isAsking) return ask(gateway);
    isAsking = true;
    try {
      return ask(sdkProvider());
    } finally {
      isAsking = false;
    }
  };
}
