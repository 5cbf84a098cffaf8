import { metadataKey } from '../../decision-of.ts';
import { InvalidConfigurationError } from '../../errors/errors.ts';
import type { ExplainOptions } from '../../explain.ts';
import { UsageError } from '../usage-error.ts';
import { asGenerateText } from './as-generate-text.ts';
import { type ContentOptions, messageOf, sizeOf } from './content.ts';
import { assertTable, jsonOf } from './input.ts';
import { messagesOf, messagesShape } from './messages.ts';
import { metadataOf } from './metadata.ts';

/** The command-line options that describe the request. */
export interface RequestOptions extends ContentOptions {
  readonly messages?: string;
  readonly request?: string;
  readonly maxOutputTokens?: string;
  readonly hasTools?: boolean;
  readonly responseFormat?: 'text' | 'json';
  readonly metadata?: readonly string[];
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

/** The request as `generateText` takes it. Single options are added to what `--request` or `--messages` contain. */
export async function requestOf(options: RequestOptions): Promise<ExplainOptions> {
  const { maxOutputTokens, hasTools, responseFormat, metadata = [], only, except } = options;
  const base = await baseOf(options);
  const { tools, providerOptions } = base as { readonly [name: string]: Record<string, object> | undefined };
  const request = {
    ...base,
    ...(maxOutputTokens !== undefined && { maxOutputTokens: sizeOf('--max-output-tokens', maxOutputTokens) }),
    ...(hasTools && { tools: { tool: {}, ...tools } }),
    ...(responseFormat && { responseFormat: { type: responseFormat } }),
    ...((metadata.length > 0 || only || except) && {
      providerOptions: {
        ...providerOptions,
        [metadataKey]: {
          ...providerOptions?.[metadataKey],
          ...metadataOf(metadata),
          ...(only && { only }),
          ...(except && { except }),
        },
      },
    }),
  };
  return (await asGenerateText('--request', request)) as ExplainOptions;
}

async function baseOf(options: RequestOptions): Promise<object> {
  const { request, messages } = options;
  if (request !== undefined) {
    const remedy = 'use a JSON object: { "prompt": "Hello!" }';
    const said = await jsonOf('--request', request, remedy);
    assertTable('--request', said, remedy);
    return said;
  }
  if (messages !== undefined) {
    return { messages: await messagesOf('--messages', await jsonOf('--messages', messages, messagesShape)) };
  }
  const message = await messageOf(options);
  if (message) return { messages: [message] };
  const ways = '--tokens <n>, --text <text>, --prompt <file>, --messages <file> or --request <file>';
  throw new UsageError(`say what the request is: ${ways}`);
}

/** An error about `--only` or `--except` by the name of the option, which is what the user wrote; any other as it is. */
export function namingOption(error: unknown, { only, except }: RequestOptions): unknown {
  if (!InvalidConfigurationError.isInstance(error)) return error;
  const [name] = error.path;
  const isOption = (name === 'only' && only) || (name === 'except' && except);
  return isOption ? new UsageError(`--${name} is ${error.found}: ${error.remedy}`, { cause: error }) : error;
}
