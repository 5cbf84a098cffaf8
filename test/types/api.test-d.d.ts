import { type RoutingModel } from 'ai-alloy';
export declare const blend: RoutingModel;
export declare const steps: RoutingModel;
export declare const smart: RoutingModel;
