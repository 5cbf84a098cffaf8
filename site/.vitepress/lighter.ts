import type { Plugin } from 'vite';

/** Modules that would be most of the playground's bundle, and that it doesn't use, by the ends of their paths. */
const replaced: readonly (readonly [RegExp, string])[] = [
  // Zod's messages, in fifty languages: those of gateways are our own.
  [/\/zod\/v4\/locales\/index\.js$/, `export { default as en } from './en.js'`],
  [/\/zod\/v4\/locales\/en\.js$/, `export default () => ({ localeError: () => 'Invalid input' })`],
  // Vercel's AI Gateway, which ai asks for models that are only named. Here, all models are stand-ins.
  [
    /\/@ai-sdk\/gateway\/dist\/index\.m?js$/,
    `const none = () => { throw new Error('There are no models here.'); };
    export class GatewayError extends Error { static isInstance = () => false; }
    export class GatewayAuthenticationError extends GatewayError {}
    export { none as createGateway, none as gateway };`,
  ],
];

/** Leaves out of the bundle what the playground doesn't use, but a bundler can't know of. */
export function lighter(): Plugin {
  return {
    name: 'lighter',
    enforce: 'pre',
    load(id) {
      return replaced.find(([path]) => path.test(id.split('?', 1)[0]!))?.[1];
    },
  };
}
