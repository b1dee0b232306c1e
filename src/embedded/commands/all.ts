// Every command by every name under which clients send it.
import type { Command } from '../command.ts';
import { aggregate } from './aggregate.ts';
import { saslContinue, saslStart } from './authentication.ts';
import { collMod } from './coll-mod.ts';
import {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  renameCollection,
} from './collections.ts';
import { count, distinct } from './count.ts';
import { deleteCommand } from './delete.ts';
import { collStats, dbStats, getCmdLineOpts, hostInfo, serverStatus, validate } from './diagnostics.ts';
import { explain } from './explain.ts';
import { find, getMore, killCursors } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import {
  buildInfo,
  connectionStatus,
  endSessions,
  getLog,
  getParameter,
  hello,
  killSessions,
  ping,
  refreshSessions,
  startSession,
  whatsmyuri,
} from './handshake.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { insert } from './insert.ts';
import { embeddedSnapshot } from './snapshot.ts';
import { update } from './update.ts';

const ALL: readonly Command[] = [
  aggregate,
  saslContinue,
  saslStart,
  collStats,
  count,
  dbStats,
  distinct,
  explain,
  getCmdLineOpts,
  hostInfo,
  serverStatus,
  validate,
  buildInfo,
  collMod,
  connectionStatus,
  create,
  createIndexes,
  deleteCommand,
  drop,
  dropDatabase,
  dropIndexes,
  embeddedSnapshot,
  endSessions,
  find,
  findAndModify,
  getLog,
  getMore,
  getParameter,
  hello,
  insert,
  killCursors,
  killSessions,
  listCollections,
  listDatabases,
  listIndexes,
  ping,
  refreshSessions,
  renameCollection,
  startSession,
  update,
  whatsmyuri,
];

/** Older spellings that drivers and shells still use. */
const ALIASES: Readonly<Record<string, string>> = {
  ismaster: 'hello',
  isMaster: 'hello',
  buildinfo: 'buildInfo',
  findandmodify: 'findAndModify',
  deleteIndexes: 'dropIndexes',
  dbstats: 'dbStats',
  collstats: 'collStats',
};

export const commands: ReadonlyMap<string, Command> = new Map([
  ...ALL.map((command) => [command.name, command] as const),
  ...Object.entries(ALIASES).flatMap(([alias, name]) =>
    ALL.filter((command) => command.name === name).map((command) => [alias, command] as const),
  ),
]);
