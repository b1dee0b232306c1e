/** The stores of one database connection. */
import type mongoose from 'mongoose';
import type { Stores } from '../core/stores.ts';
import { accountStore } from './accounts.ts';
import { budgetStore } from './budgets.ts';
import { deliveryStore } from './deliveries.ts';
import { mediaIndex } from './media-index.ts';
import { noticeStore } from './notices.ts';
import { peopleStore } from './people.ts';
import { postStore } from './posts.ts';
import { remembering } from './remembering.ts';
import { turnStore } from './turns.ts';
import { workspaceStore } from './workspaces.ts';

export { maskAddress, type OpenedDatabase, type OpenOptions, openDatabase } from './connection.ts';

/** Makes the stores. Their indexes must be there before the first use: see `createIndexes`. */
export function createStores(connection: mongoose.Connection): Stores {
  return {
    workspaces: workspaceStore(connection),
    people: peopleStore(connection),
    accounts: accountStore(connection),
    posts: postStore(connection),
    deliveries: deliveryStore(connection),
    notices: noticeStore(connection),
    media: mediaIndex(connection),
    budgets: budgetStore(connection),
    turns: turnStore(connection),
  };
}

/** The same for a process that has the database to itself: what is asked at every message is read from memory. */
export function createStoresAlone(connection: mongoose.Connection): Stores {
  const stores = createStores(connection);
  return {
    ...stores,
    workspaces: remembering(stores.workspaces, ['ensureFirst', 'find', 'ofConversation']),
    people: remembering(stores.people, ['find', 'findIn', 'list']),
    // Leases are no part of an account as it is read.
    accounts: remembering(
      stores.accounts,
      ['list', 'find', 'findMany'],
      ['acquire', 'release', 'breakLeases'],
    ),
  };
}

/**
 * Creates the indexes that are missing, for every model of the connection. Part of the start and not left to chance:
 * the uniqueness of the first workspace and of accounts rests on them. One command for each collection: Mongoose's own
 * `createIndexes` sends one for each index, which takes a tenth of a second of every start.
 */
export async function createIndexes(connection: mongoose.Connection): Promise<void> {
  await Promise.all(
    Object.values(connection.models).map(async ({ schema, collection }) => {
      const indexes = schema.indexes().map(([key, options]) => ({ ...options, key }));
      // The same options in the words of two packages.
      if (indexes.length > 0) await collection.createIndexes(indexes as mongoose.mongo.IndexDescription[]);
    }),
  );
}
