import { loadModelGateway } from 'ai-alloy/load';
import { answerOf, providers } from '../../answer.js';

export const dynamic = 'force-dynamic';
export const GET = () => answerOf(() => loadModelGateway('models.yaml', { providers }));
