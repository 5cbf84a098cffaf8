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
    // If one of our gateways is the global default provider, use the default that the AI SDK would have without it.
    if (isAsking) return ask(gateway);
    isAsking = true;
    try {
      return ask(sdkProvider());
    } finally {
      isAsking = false;
    }
  };
}
