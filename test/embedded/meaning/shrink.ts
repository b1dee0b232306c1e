// Makes a failing world small: takes away steps, indexes and documents as long as it still fails.
import type { WorldPlan } from './plan-world.ts';

export async function shrink(
  plan: WorldPlan,
  fails: (candidate: WorldPlan) => Promise<boolean>,
): Promise<WorldPlan> {
  let best = plan;
  for (const part of ['steps', 'indexes', 'documents'] as const) {
    for (
      let size = Math.ceil(best[part].length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let start = 0; start < best[part].length; ) {
        const kept = [...best[part].slice(0, start), ...best[part].slice(start + size)];
        const candidate = { ...best, [part]: kept } as WorldPlan;
        if (await fails(candidate)) best = candidate;
        else start += size;
      }
    }
  }
  return best;
}
