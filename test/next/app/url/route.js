import { loadModelGateway } from 'ai-alloy/load';
import { answerOf, providers } from '../../answer.js';

const file = new URL('./models.yaml', import.meta.url);

export const dynamic = 'force-dynamic';
export const GET = () => answerOf(() => loadModelGateway(file, { providers }));
