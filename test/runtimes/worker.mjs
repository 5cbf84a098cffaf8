// In workerd.
import { smoke } from './smoke.mjs';

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json(
      await smoke(searchParams.get('url'), (error) => `${error.stack} ${JSON.stringify(error)}`),
    );
  },
};
