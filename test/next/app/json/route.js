import { createModelGateway } from 'ai-alloy/gateway';
import { answerOf, providers } from '../../answer.js';
import config from '../../models.json' with { type: 'json' };

export const runtime = 'edge';
export const GET = () => answerOf(() => createModelGateway(config, { providers }));
