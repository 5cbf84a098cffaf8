import { MockLanguageModelV4 } from 'ai/test';
import { apiError, textResult } from '../support/models.ts';

/** Enough for a test to have one that nobody has called yet. */
export const memberIds = Array.from({ length: 30 }, (_, index) => `member-${index}`);

interface Behavior {
  called(id: string): void;
  fails(id: string): boolean;
}

/** Members that answer, or fail as an overloaded server does. */
export function membersThat({ called, fails }: Behavior) {
  return memberIds.map((id) => {
    const doGenerate = async () => {
      called(id);
      if (fails(id)) throw apiError(503);
      return textResult(id);
    };
    return { id, model: new MockLanguageModelV4({ provider: 'mock', modelId: id, doGenerate }) };
  });
}
