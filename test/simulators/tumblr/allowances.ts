/** What a person may make in a day, on all blogs together. */

const DAY_MS = 86_400_000;
const DAILY = { posts: 250, photos: 250, videos: 20, video_seconds: 3600 };
export type Allowance = keyof typeof DAILY;

export function createAllowances(now: () => number) {
  const used: Record<Allowance, number> = { posts: 0, photos: 0, videos: 0, video_seconds: 0 };
  let resetAt = nextReset(now());

  const turnDay = (): void => {
    if (now() < resetAt) return;
    for (const name of Object.keys(used) as Allowance[]) used[name] = 0;
    resetAt = nextReset(now());
  };
  const left = (name: Allowance): number => {
    turnDay();
    return Math.max(0, DAILY[name] - used[name]);
  };

  return {
    left,

    /** Takes from the day's allowance. */
    use(name: Allowance, count: number): void {
      turnDay();
      used[name] += count;
    },

    list(): unknown {
      const entries = (Object.keys(DAILY) as Allowance[]).map((name) => [
        name,
        {
          description: `the number of ${name} you can make per day`,
          limit: DAILY[name],
          remaining: left(name),
          reset_at: resetAt / 1000,
        },
      ]);
      return { user: Object.fromEntries(entries) };
    },
  };
}

/** Midnight in New York, in winter. */
function nextReset(now: number): number {
  const five = Math.floor(now / DAY_MS) * DAY_MS + 5 * 3_600_000;
  return five > now ? five : five + DAY_MS;
}
