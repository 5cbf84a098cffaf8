// ai 4 has no string ids. Compiled against ai 4 only.
import { cascade } from 'ai-alloy';
// @ts-expect-error: pass a model object
cascade({ steps: ['openai/gpt-5'] });
