import type { Account, AccountHealth } from '../words.ts';

export interface AccountStore {
  list(workspaceId: string): Promise<readonly Account[]>;
  find(workspaceId: string, id: string): Promise<Account | undefined>;
  findMany(ids: readonly string[]): Promise<readonly Account[]>;
  /** Inserts or updates by (workspace, network, mode, remote id or handle); keeps health and hold of a known one. */
  upsert(account: Account): Promise<Account>;
  /** Marks accounts inactive whose id is not among these. */
  retireOthers(workspaceId: string, keep: readonly string[]): Promise<void>;
  setHealth(id: string, health: AccountHealth, message?: string): Promise<void>;
  /** A hold is never shortened: of two instants the later one counts. */
  hold(id: string, until: Date, reason: string): Promise<void>;
  /** One worker per account: leases those of `ids` that are free, prolongs those that are ours; answers the ids that are now ours. */
  acquire(ids: readonly string[], token: string, now: Date, until: Date): Promise<ReadonlySet<string>>;
  release(ids: readonly string[], token: string): Promise<void>;
  /** Ends every lease at once; only for a process that knows that it is alone (the embedded database). */
  breakLeases(): Promise<void>;
}
