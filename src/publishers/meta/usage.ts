/**
 * How much of the allowances of calls is used, by the headers that Meta adds to its answers.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
import { z } from 'zod';
import { MINUTE } from '../../core/clock.ts';
import type { HttpAnswer } from '../http.ts';

export interface Usage {
  /** The fullest of the counters, in percent of what is allowed. */
  readonly percent: number;
  /** Milliseconds until calls are taken again, when Meta names them. */
  readonly regainMs?: number;
}

/** Meta names minutes up to a day; anything above it is no pause that Meta means. */
const REGAIN_MINUTES_MAX = 24 * 60;

const counters = z.object({
  call_count: z.number().optional(),
  total_time: z.number().optional(),
  total_cputime: z.number().optional(),
  estimated_time_to_regain_access: z.number().optional(),
});
type Counters = z.infer<typeof counters>;
const businessUsage = z.record(z.string(), z.array(counters));

/** The app's allowance and that of the page or account; each absent when Meta says nothing of it, or nothing that can be read. */
export function readUsage(headers: HttpAnswer['headers']): {
  readonly app?: Usage;
  readonly account?: Usage;
} {
  const app = usageOf(countersIn(headers['x-app-usage']));
  const business = businessUsage.safeParse(parsed(headers['x-business-use-case-usage']));
  const account = usageOf([
    ...countersIn(headers['x-page-usage']),
    ...(business.success ? Object.values(business.data).flat() : []),
  ]);
  return { ...(app ? { app } : {}), ...(account ? { account } : {}) };
}

/** Milliseconds until calls are taken again, when Meta names them. */
export function regainOf(headers: HttpAnswer['headers']): number | undefined {
  const { app, account } = readUsage(headers);
  const pauses = [app?.regainMs, account?.regainMs].filter((each) => each !== undefined);
  return pauses.length === 0 ? undefined : Math.max(...pauses);
}

function countersIn(header: string | undefined): readonly Counters[] {
  const read = counters.safeParse(parsed(header));
  return read.success ? [read.data] : [];
}

/** The fullest counter and the longest pause of several. */
function usageOf(all: readonly Counters[]): Usage | undefined {
  if (all.length === 0) return undefined;
  const percent = Math.max(
    ...all.flatMap((each) => [each.call_count ?? 0, each.total_time ?? 0, each.total_cputime ?? 0]),
  );
  const minutes = Math.max(...all.map((each) => each.estimated_time_to_regain_access ?? 0));
  const isSensible = minutes > 0 && minutes <= REGAIN_MINUTES_MAX;
  return { percent, ...(isSensible ? { regainMs: minutes * MINUTE } : {}) };
}

function parsed(header: string | undefined): unknown {
  try {
    return JSON.parse(header ?? '');
  } catch {
    // A header that is no JSON tells nothing about the usage.
    return undefined;
  }
}
