import { mermaid } from '../../inspect/graph/mermaid.ts';
import { writtenGraph } from '../../inspect/graph/written-graph.ts';
import { type GatewayOptions, readGateway } from '../../inspect/read-gateway.ts';
import { counting } from '../counting.ts';
import type { Outcome } from '../outcome.ts';
import { withProblems } from './check.ts';

/** The gateway of a file as a Mermaid flowchart. */
export async function graph(file: string, options?: GatewayOptions): Promise<Outcome> {
  const { config, file: read, problems } = await readGateway(file, counting(), options);
  if (!config) return withProblems(file, problems);
  const drawn = writtenGraph(config, read.textOf);
  const text = mermaid(drawn);
  return { text, json: { ok: true, file, mermaid: text, ...drawn }, code: 0 };
}
