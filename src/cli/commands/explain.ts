import { clean } from '../../inspect/clean.ts';
import { setClock } from '../../inspect/clock.ts';
import {
  assertDeclared,
  createGateway,
  explainIn,
  type Explained,
  type ValidGateway,
} from '../../inspect/explained.ts';
import { drawn } from '../../inspect/picture/drawn.ts';
import { pageOf } from '../../inspect/picture/page.ts';
import { type GatewayOptions, readGateway } from '../../inspect/read-gateway.ts';
import { namingOption, requestOf, type RequestOptions } from '../../inspect/request/request-of.ts';
import { titleOf } from '../../inspect/verdict.ts';
import { counting } from '../counting.ts';
import type { Outcome } from '../outcome.ts';
import { decisionTable } from '../tables/decision-table.ts';
import { writePage, type PageOptions } from '../write-page.ts';
import { withProblems } from './check.ts';

/** Options of `explain`: the request, how to read the gateway, and what to do with the page. */
export interface ExplainRequestOptions extends RequestOptions, GatewayOptions, PageOptions {
  /** The time to assume, for rules about the time of day. */
  readonly at?: string;
}

/** Says where a request would go, without calling a model. */
export async function explainRequest(
  file: string,
  id: string,
  options: ExplainRequestOptions,
): Promise<Outcome> {
  const { undeclared = 'error', at } = options;
  setClock(at);
  const request = await requestOf(options);
  const read = await readGateway(file, counting(), { undeclared });
  const { config, file: contents, problems, notes } = read;
  if (!config) return withProblems(file, problems);
  assertDeclared(config, id, contents.textOf);
  const gateway: ValidGateway = { ...read, config };
  const model = createGateway(read, { undeclared }).languageModel(id);
  const explained = await explainIn(gateway, model, request).catch((error: unknown) => {
    throw namingOption(error, options);
  });
  const { decision, refused, destination, remedy, reasons } = explained;
  const page =
    options.html !== undefined || options.open
      ? await writePage(
          pageOf({ ...drawn(gateway, explained, model), title: titleOf(decision, config), file }),
          options,
          [file, options.prompt, options.messages, options.request],
        )
      : undefined;
  return {
    text: [
      decisionTable(decision, config, process.stdout.columns),
      ...saidOf(explained, notes),
      ...(page === undefined ? [] : [`Page: ${clean(page)}`]),
    ].join('\n'),
    json: {
      ok: !refused,
      file,
      id,
      refused,
      destination,
      remedy,
      reasons,
      decision,
      notes,
      ...(page !== undefined && { page }),
    },
    code: refused ? 1 : 0,
  };
}

const saidOf = ({ destination, remedy, reasons }: Explained, notes: readonly string[]): string[] =>
  [destination, ...(remedy ? [remedy] : []), ...reasons, ...notes.map((note) => `Note: ${note}`)].map(clean);
