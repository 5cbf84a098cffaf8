/** The header by which the page says which models are to be down, by the names that their server has for them. */
export const downHeader = 'x-demo-down';

/** Answers for models that are down, as a server that is overloaded would. For this demonstration only. */
export function withOutages(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const down = (headers.get(downHeader) ?? '').split(',');
    headers.delete(downHeader);
    const { model } = JSON.parse(String(init?.body ?? '{}')) as { model?: string };
    if (model === undefined || !down.includes(model)) return send(input, { ...init, headers });
    const error = { message: 'The server is overloaded. Try again later.', type: 'server_error' };
    return Response.json({ error }, { status: 503 });
  };
}
