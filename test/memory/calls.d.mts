export declare const models: Readonly<Record<string, unknown>>;
export declare const kinds: Readonly<Record<string, unknown>>;
