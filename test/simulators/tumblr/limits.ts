/** The windows of Tumblr: calls of the app in an hour and in a day, told with every answer. */
import { refusal } from './refusal.ts';

const WINDOW_MS = { perhour: 3_600_000, perday: 86_400_000 };
type Name = keyof typeof WINDOW_MS;

export interface Limits {
  /** Counts a call and answers the headers; throws the refusal with its headers when a window is spent. */
  use(): Record<string, string>;
  /** Calls of an hour or of a day before it answers 429. */
  setLimit(window: Name, limit: number): void;
}

export function createLimits(now: () => number): Limits {
  const limits = { perhour: 1000, perday: 5000 };
  const windows = { perhour: { used: 0, reset: 0 }, perday: { used: 0, reset: 0 } };
  return {
    use() {
      const headers: Record<string, string> = {};
      let isOver = false;
      for (const name of ['perhour', 'perday'] as const) {
        if (windows[name].reset <= now()) windows[name] = { used: 0, reset: now() + WINDOW_MS[name] };
        const window = windows[name];
        window.used += 1;
        isOver ||= window.used > limits[name];
        headers[`X-Ratelimit-${name}-Limit`] = String(limits[name]);
        headers[`X-Ratelimit-${name}-Remaining`] = String(Math.max(0, limits[name] - window.used));
        headers[`X-Ratelimit-${name}-Reset`] = String(Math.ceil((window.reset - now()) / 1000));
      }
      if (isOver) throw refusal(429, 'Limit Exceeded', 0, headers);
      return headers;
    },
    setLimit(window, limit) {
      limits[window] = limit;
    },
  };
}
