import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound } from '../../../src/tokens/estimators/lower-bound.ts';
import { tiktoken } from '../../../src/tiktoken/index.ts';

const { estimateText } = lowerBound;

// Single tokens that were once counted as several; `npm run lower-bound` looks through whole vocabularies.
const tokens = {
  o200k_base: [
    ' วิเคราะห์บอลวันนี้',
    ' สำนักเลขานุการองค์กร',
    'ありがとうございました',
    '久久免费热在线精品',
    "','=','",
  ],
  'Llama 3': [
    '・━・━・━・━',
    'ิทยาศาสตร',
    '<|start_header_id|>',
    '.translatesAutoresizingMaskIntoConstraints',
  ],
  'Qwen 3': ['様々な', 'ที่ดีที่สุด', '</tool_response>', '<|fim_prefix|>'],
  'DeepSeek V3': ['习近平新时代中国特色社会主义思想', '<｜tool▁calls▁begin｜>', 'M'.repeat(64)],
  'Gemini and Gemma 3': [' می‌توانید', '්‍ර', '佐々木', '[toxicity=0]', 'แมนเชสเตอร์ซิตี'],
  'Claude 2': ['qhievofjucdnmbpxazrlktwsgy'.repeat(4)],
};

describe('R-38: the lower bound of a prompt', () => {
  it.each(Object.entries(tokens))('is one for a single token of %s', (_, texts) => {
    for (const text of texts)
      expect([text, estimateText(text)]).toEqual([text, Math.min(1, estimateText(text))]);
  });

  it('of a row of tokens is no more than there are', () => {
    const all = Object.values(tokens).flat();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all, ' ', 'a', '1', '中', '.'), { maxLength: 40 }), (row) => {
        expect(estimateText(row.join(''))).toBeLessThanOrEqual(row.length);
      }),
    );
  });

  it('is a word each, and more for long runs', () => {
    expect(estimateText('a word '.repeat(1000))).toBe(2000);
    expect(estimateText('x'.repeat(1280))).toBe(10);
    expect(estimateText('的'.repeat(1600))).toBe(100);
    expect(estimateText('...  \n\n')).toBe(0);
  });

  it('is never above what OpenAI’s tokenizers make of any text', async () => {
    for (const encoding of ['o200k_base', 'cl100k_base'] as const) {
      const exact = tiktoken({ encoding, safetyMargin: 1 });
      await exact.load!();
      const unit = fc.constantFrom(...Object.values(tokens).flat(), ..."aA1 _'=-.\n中ไя😀\u200c\u0301");
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 30 }), fc.string({ unit: 'binary' }), (row, noise) => {
          for (const text of [row.join(''), noise, row.join(noise.slice(0, 2))]) {
            expect(estimateText(text)).toBeLessThanOrEqual(exact.estimateText(text));
          }
        }),
      );
    }
  });
});
