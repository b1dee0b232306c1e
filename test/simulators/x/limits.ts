/** The windows of X: a quarter of an hour for each kind of call, and for new posts a day of the app and of its user. */
import { Refusal } from '../refusal.ts';
import { problem } from './problems.ts';

const QUARTER_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The most that the documentation names for any endpoint that is used here. */
const CALLS_MAX = 900;
const CREATING = 'POST /2/tweets';

export interface Limits {
  /** Counts a call and answers the headers; throws the refusal with its headers when a window is spent. */
  use(route: string): Record<string, string>;
  /** Requests to an endpoint in one window before it answers 429. */
  setLimit(route: string, limit: number): void;
  /** New posts of the user, and of all users of the app, in a day. */
  setDayLimit(whose: 'user' | 'app', limit: number): void;
}

export function createLimits(now: () => number): Limits {
  const limits = new Map<string, number>();
  const windows = new Map<string, { used: number; reset: number }>();

  const count = (name: string, lengthMs: number, limit: number, header: string) => {
    const known = windows.get(name);
    const window = known && known.reset > now() ? known : { used: 0, reset: now() + lengthMs };
    windows.set(name, window);
    window.used += 1;
    return {
      isOver: window.used > limit,
      headers: {
        [`${header}-limit`]: String(limit),
        [`${header}-remaining`]: String(Math.max(0, limit - window.used)),
        [`${header}-reset`]: String(Math.ceil(window.reset / 1000)),
      },
    };
  };

  return {
    use(route) {
      const days = route === CREATING ? (['user', 'app'] as const) : [];
      const counted = [
        count(route, QUARTER_MS, limits.get(route) ?? CALLS_MAX, 'x-rate-limit'),
        ...days.flatMap((whose) => {
          const limit = limits.get(whose);
          return limit === undefined ? [] : [count(whose, DAY_MS, limit, `x-${whose}-limit-24hour`)];
        }),
      ];
      const headers = Object.assign({}, ...counted.map((each) => each.headers)) as Record<string, string>;
      if (!counted.some(({ isOver }) => isOver)) return headers;
      const body = problem(429, 'about:blank', 'Too Many Requests', 'Too Many Requests');
      throw new Refusal(429, body, headers);
    },
    setLimit: (route, limit) => void limits.set(route, limit),
    setDayLimit: (whose, limit) => void limits.set(whose, limit),
  };
}
