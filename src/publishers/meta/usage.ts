/**
 * How much of the allowance of calls is used, by the headers that Meta adds to its answers, and how long to hold calls back
 * before it is spent. https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
import { z } from 'zod';
import { after, MINUTE } from '../../core/clock.ts';
import type { HttpAnswer } from '../http.ts';

export interface Usage {
  /** The fullest of all counters, in percent of what is allowed. */
  readonly percent: number;
  /** Milliseconds until calls are taken again, when Meta names them. */
  readonly regainMs?: number;
}

/** From here on calls are held back: the rest is left for looking up what was published. */
const HOLD_PERCENT = 95;
/** The counters cover a rolling hour; after this pause some of it has passed. */
const HOLD_MS = 10 * MINUTE;
/** Meta names minutes up to a day; anything above it is no pause that Meta means. */
const REGAIN_MINUTES_MAX = 24 * 60;

const counters = z.object({
  call_count: z.number().optional(),
  total_time: z.number().optional(),
  total_cputime: z.number().optional(),
  estimated_time_to_regain_access: z.number().optional(),
});
const businessUsage = z.record(z.string(), z.array(counters));

/** Undefined when Meta says nothing, or nothing that can be read. */
export function readUsage(headers: HttpAnswer['headers']): Usage | undefined {
  const app = counters.safeParse(parsed(headers['x-app-usage']));
  const business = businessUsage.safeParse(parsed(headers['x-business-use-case-usage']));
  const all = [
    ...(app.success ? [app.data] : []),
    ...(business.success ? Object.values(business.data).flat() : []),
  ];
  if (all.length === 0) return undefined;
  const percent = Math.max(
    ...all.flatMap((each) => [each.call_count ?? 0, each.total_time ?? 0, each.total_cputime ?? 0]),
  );
  const minutes = Math.max(...all.map((each) => each.estimated_time_to_regain_access ?? 0));
  const isSensible = minutes > 0 && minutes <= REGAIN_MINUTES_MAX;
  return { percent, ...(isSensible ? { regainMs: minutes * MINUTE } : {}) };
}

/** Until when calls are held back; undefined while there is room. */
export function holdUntil(usage: Usage, now: Date): Date | undefined {
  if (usage.regainMs !== undefined) return after(now, usage.regainMs);
  return usage.percent >= HOLD_PERCENT ? after(now, HOLD_MS) : undefined;
}

function parsed(header: string | undefined): unknown {
  try {
    return JSON.parse(header ?? '');
  } catch {
    // A header that is no JSON tells nothing about the usage.
    return undefined;
  }
}
