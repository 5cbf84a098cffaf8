import { loadModelGateway } from 'ai-alloy/load';
import { providers } from './answer.js';

export const gateway = await loadModelGateway('models.yaml', { providers });
export const smart = gateway.languageModel('smart');
