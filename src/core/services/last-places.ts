/**
 * The last places of an allowance are given out one after the other: who takes one looks whether it is free and takes it before
 * the next one looks. So of two people who plan for the same place at once, one gets it, and the other is told when there is
 * room next.
 */
import type { Clock } from '../clock.ts';
import { inTurn, type TurnPorts } from '../turns.ts';
import type { Account, Post } from '../words.ts';
import { type AccountIssues, blocking, checkRoom, type RoomQuestion } from './check.ts';
import { countingOnce, isScarce, type QuotaPorts } from './quotas.ts';

export interface LastPlacesPorts extends QuotaPorts, TurnPorts {
  readonly clock: Clock;
}

/**
 * Writes a plan that was found to have room; where room is scarce, only when it still has some, which is counted anew.
 * @param write what makes the post take its room
 * @param question as room was asked for just now: by the counts of then it is seen whether room is scarce
 */
export async function planWithRoom<Planned>(
  ports: LastPlacesPorts,
  post: Post,
  accounts: readonly Account[],
  write: () => Promise<Planned>,
  { before, counted = countingOnce(ports) }: RoomQuestion = {},
): Promise<{ readonly planned: Planned } | { readonly full: readonly AccountIssues[] }> {
  const scarce = await Promise.all(accounts.map((account) => isScarce(counted, post, account)));
  if (!scarce.includes(true)) return { planned: await write() };
  return inTurn(ports, post.workspaceId, async () => {
    const full = blocking(await checkRoom(ports, post, accounts, { before }));
    return full.length > 0 ? { full } : { planned: await write() };
  });
}
