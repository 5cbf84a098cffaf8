import { explain } from 'ai-alloy';
import { model } from '../../../lib/gateway.ts';
import { callOf, type ChatRequest } from '../../../lib/request.ts';

/** Where the conversation would go, with what is being written. */
export interface Forecast {
  /** The model that would be asked first; undefined if none can hold the request. */
  readonly first?: string;
  /** The tokens that the request needs, output included, as counted for that model, or for the largest. */
  readonly needs: number;
}

/** A dry run: calls no model. */
export async function POST(request: Request): Promise<Response> {
  const { headers: _, ...call } = await callOf((await request.json()) as ChatRequest);
  const { candidates, order = [] } = await explain(model, call);
  const first = candidates.find(({ id }) => id === order[0]);
  const { demand } = first ?? candidates.reduce((a, b) => ((b.ceiling ?? 0) > (a.ceiling ?? 0) ? b : a));
  const forecast: Forecast = { ...(first && { first: first.id }), needs: demand.input + demand.output };
  return Response.json(forecast);
}
