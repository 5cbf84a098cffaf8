import { describe, expect, it, vi } from 'vitest';
import { failureOf } from '../../src/faults/failure.ts';
import { longestRetryAfterMs } from '../../src/faults/retry-after.ts';
import { AllAttemptsFailedError } from '../../src/errors/errors.ts';
import { apiError } from '../support/models.ts';

const wait = (headers: Record<string, string>): number | undefined =>
  failureOf(apiError(429, { headers })).retryAfterMs;

const delayed = (retryDelay: unknown): unknown =>
  apiError(429, {
    body: {
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
        ],
      },
    },
  });

describe('R-25: how long a provider asks to wait', () => {
  it.each([
    [{ 'retry-after-ms': '1500' }, 1500],
    [{ 'Retry-After-Ms': ' 1500 ', 'retry-after': '9' }, 1500],
    [{ 'retry-after-ms': 'soon', 'retry-after': '2' }, 2000],
    [{ 'retry-after-ms': '-1', 'retry-after': '2' }, 2000],
    [{ 'RETRY-AFTER': '2' }, 2000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '86400' }, longestRetryAfterMs],
    [{ 'retry-after-ms': '9'.repeat(20) }, 3_600_000],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '2026x' }, undefined],
    [{ 'retry-after': '1e3' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': 'soon 2099' }, undefined],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, undefined],
    [{ 'x-ratelimit-reset': '5' }, 5000],
    [{}, undefined],
  ])('%j: %s', (headers, expected) => {
    expect(wait(headers)).toBe(expected);
  });

  it('until a date', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 12) });
    try {
      expect(wait({ 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' })).toBe(30_000);
      expect(wait({ 'retry-after': '2026-11-23T12:00:30Z' })).toBe(30_000);
      expect(wait({ 'retry-after': 'Tue, 24 Nov 2026 12:00:00 GMT' })).toBe(longestRetryAfterMs);
      expect(wait({ 'retry-after': 'Mon, 23 Nov 2026 11:59:59 GMT' })).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('in headers of the platform, on the error or behind it', () => {
    const headers = new Headers({ 'Retry-After': '4' });
    expect(failureOf(Object.assign(new Error('No.'), { headers })).retryAfterMs).toBe(4000);
    expect(failureOf({ responseHeaders: headers }).retryAfterMs).toBe(4000);
    expect(failureOf(new Error('No.', { cause: { headers } })).retryAfterMs).toBe(4000);
  });

  it.each([
    ['21s', 21_000],
    ['45.837906927s', 45_838],
    ['0s', 0],
    ['90000s', longestRetryAfterMs],
    ['-3s', undefined],
    ['21', undefined],
    ['s', undefined],
    [21, undefined],
    [{ seconds: 21 }, undefined],
  ])("Google's RetryInfo %j: %s", (retryDelay, expected) => {
    expect(failureOf(delayed(retryDelay)).retryAfterMs).toBe(expected);
  });

  it('a header comes before the body', () => {
    const body = { error: { details: [{ retryDelay: '21s' }] } };
    expect(failureOf(apiError(429, { body, headers: { 'retry-after': '1' } })).retryAfterMs).toBe(1000);
  });

  it("a primitive's own error asks for what it says itself, not for what one of its members does", () => {
    const decision = { id: 'c', kind: 'cascade', candidates: [], reason: 'declared-order' } as const;
    const errors = [apiError(503), apiError(429, { headers: { 'retry-after': '9' } })];
    const waitOf = (afterMs?: number): number | undefined =>
      failureOf(new AllAttemptsFailedError({ decision, errors, retry: { afterMs } })).retryAfterMs;
    expect(waitOf()).toBeUndefined();
    expect(waitOf(5)).toBe(5);
  });
});
