/** What only one at a time may do, in all processes together. */
import { after, type Clock, newId, type Random, SECOND, sleep } from './clock.ts';

/** Leases under a name. */
export interface TurnStore {
  /** True when it is ours until then; false while it is somebody else's, whose time has not ended by `now`. */
  take(name: string, token: string, now: Date, until: Date): Promise<boolean>;
  /** Ends it early, if it is still ours. */
  end(name: string, token: string): Promise<void>;
}

export interface TurnPorts {
  readonly turns: TurnStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** For work of some writes; a turn ends by itself when its process died amid it. */
const TURN_MS = 5 * SECOND;
/** How often it is looked whether the one before has ended. */
const LOOK_MS = 40;

/** Does the work when nobody else does such work under this name. */
export async function inTurn<Result>(
  { turns, clock, random }: TurnPorts,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const token = newId(random, 12);
  const isOurs = (): Promise<boolean> => turns.take(name, token, clock.now(), after(clock.now(), TURN_MS));
  while (!(await isOurs())) await sleep(clock, LOOK_MS);
  try {
    return await work();
  } finally {
    await turns.end(name, token);
  }
}
