/**
 * Ports of the database. Every query names the workspace, except the dispatcher's, which works for all of them.
 * Conflicts (a duplicate id) are answered by value, not by exception.
 */
import type { BudgetStore } from './budget.ts';
import type { MediaIndex } from './media.ts';
import type { AccountStore } from './stores/accounts.ts';
import type { DeliveryStore } from './stores/deliveries.ts';
import type { NoticeStore } from './stores/notices.ts';
import type { PeopleStore } from './stores/people.ts';
import type { PostStore } from './stores/posts.ts';
import type { WorkspaceStore } from './stores/workspaces.ts';
import type { TurnStore } from './turns.ts';

export type * from './stores/accounts.ts';
export type * from './stores/deliveries.ts';
export type * from './stores/notices.ts';
export type * from './stores/people.ts';
export type * from './stores/posts.ts';
export type * from './stores/workspaces.ts';

/** All stores of one database. */
export interface Stores {
  readonly workspaces: WorkspaceStore;
  readonly people: PeopleStore;
  readonly accounts: AccountStore;
  readonly posts: PostStore;
  readonly deliveries: DeliveryStore;
  readonly notices: NoticeStore;
  readonly media: MediaIndex;
  readonly budgets: BudgetStore;
  readonly turns: TurnStore;
}
