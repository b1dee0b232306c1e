/** Records what the ports send while a call runs, and asks the server afterwards how each of it reaches its documents. */
import type { Connection } from 'mongoose';
import type { Ports } from './actions.ts';

export interface Sent {
  readonly name: string;
  readonly command: Readonly<Record<string, unknown>>;
}

export interface Examined {
  readonly query: Readonly<Record<string, unknown>>;
  readonly keys: number;
  readonly documents: number;
  readonly returned: number;
}

/** Fields of a command that explain does not want. */
const ENVELOPE = new Set([
  'lsid',
  '$db',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'ordered',
]);
/** Commands that look for documents; every other one must be in `NOT_QUERIES`, so that none is overlooked. */
const QUERIES = new Set(['find', 'count', 'distinct', 'aggregate', 'findAndModify', 'update', 'delete']);
const NOT_QUERIES = new Set([
  'insert',
  'getMore',
  'endSessions',
  'createIndexes',
  'killCursors',
  'hello',
  'ping',
]);

/** The commands that the connection's driver sends while `action` runs. */
export async function sentDuring(
  connection: Connection,
  action: () => Promise<unknown>,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const listen = (event: { commandName: string; command: Record<string, unknown> }): void => {
    sent.push({ name: event.commandName, command: event.command });
  };
  const client = connection.getClient();
  client.on('commandStarted', listen);
  try {
    await action();
  } finally {
    client.off('commandStarted', listen);
  }
  return sent;
}

/** The queries of a command, each as a command of its own. */
export function queriesOf({ name, command }: Sent): readonly Readonly<Record<string, unknown>>[] {
  if (!QUERIES.has(name)) {
    if (NOT_QUERIES.has(name)) return [];
    throw new Error(`The command ${name} is neither a query nor known to be none; put it into examine.ts.`);
  }
  const plain = Object.fromEntries(Object.entries(command).filter(([field]) => !ENVELOPE.has(field)));
  const list = name === 'update' ? 'updates' : name === 'delete' ? 'deletes' : undefined;
  if (list === undefined) return [plain];
  const statements = plain[list] as Record<string, unknown>[];
  return statements.map((statement) => ({ ...plain, [list]: [statement] }));
}

interface Explained {
  readonly executionStats?: ExecutionStats;
  readonly stages?: readonly [{ readonly $cursor: { readonly executionStats: ExecutionStats } }];
}

interface ExecutionStats {
  readonly nReturned: number;
  readonly totalKeysExamined: number;
  readonly totalDocsExamined: number;
  readonly executionStages: { readonly nCounted?: number };
}

/** How a query reaches its documents in a database. */
export async function examine(
  connection: Connection,
  query: Readonly<Record<string, unknown>>,
): Promise<Examined> {
  const answer = (await connection.db!.command({ explain: query, verbosity: 'executionStats' })) as Explained;
  const stats = answer.executionStats ?? answer.stages![0].$cursor.executionStats;
  return {
    query,
    keys: stats.totalKeysExamined,
    documents: stats.totalDocsExamined,
    returned: stats.executionStages.nCounted ?? stats.nReturned,
  };
}

/** The same ports, which note the names of the methods that are called. */
export function noting(ports: Ports, called: Set<string>): Ports {
  const noted = Object.entries(ports).map(([port, methods]) => [
    port,
    new Proxy(methods as object, {
      get(target, name) {
        called.add(`${port}.${String(name)}`);
        return Reflect.get(target, name);
      },
    }),
  ]);
  return Object.fromEntries(noted) as Ports;
}

/** Names of all methods of the ports. */
export function methodsOf(ports: Ports): readonly string[] {
  return Object.entries(ports).flatMap(([port, methods]) =>
    Object.keys(methods as object).map((name) => `${port}.${name}`),
  );
}
