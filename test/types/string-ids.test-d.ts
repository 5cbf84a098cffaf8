// From ai 5, a string id is a model. Compiled against ai 5, 6 and 7; see no-string-ids.test-d.ts for ai 4.
import { alloy, cascade, dispatcher } from 'ai-alloy';

cascade({ steps: ['openai/gpt-5', { model: 'openai/gpt-5', contextWindow: 400_000 }] });
dispatcher({ targets: ['openai/gpt-5'] });
alloy({
  constituents: [
    { model: 'openai/gpt-5', contextWindow: 400_000 },
    { model: 'anthropic/claude-sonnet-4-5', contextWindow: 200_000 },
  ],
});
