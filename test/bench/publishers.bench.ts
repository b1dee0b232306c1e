/**
 * What publishing costs at each network. `calls`: calls, bytes and processor time of each kind of post beside the calls that the
 * network's documentation asks for; `memory`: by how much a process grows with a video of 500 MB; `isolation`: what 40
 * accounts feel of a network that answers after half a minute. Without a word all of it.
 */
import type { Figure } from './figures.ts';
import { measureCalls } from './publishers/calls.ts';
import { measureIsolation } from './publishers/isolation.ts';
import { measureMemory } from './publishers/memory.ts';

const PARTS = { calls: measureCalls, memory: measureMemory, isolation: measureIsolation };

/** @param wanted the name of one part */
export async function run([wanted]: readonly string[]): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted !== undefined && wanted !== name) continue;
    figures.push(...(await measure()));
    console.log();
  }
  return figures;
}
