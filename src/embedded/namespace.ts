// Namespaces: "database.collection", and which names MongoDB allows.
import { MongoError } from './errors.ts';

/** MongoDB's limit for a namespace, in bytes. https://www.mongodb.com/docs/manual/reference/limits/ */
const LONGEST_NAMESPACE = 255;

/** Database and collection of a namespace: they part at the first dot. */
export function splitNamespace(namespace: string): { database: string; name: string } {
  const dot = namespace.indexOf('.');
  return { database: namespace.slice(0, dot), name: namespace.slice(dot + 1) };
}

/** @throws MongoError 73 for a name that MongoDB refuses */
export function checkNamespace(namespace: string): void {
  const { database, name } = splitNamespace(namespace);
  const isBad =
    name === '' || name.includes('$') || name.includes('\0') || name.startsWith('.') || name.endsWith('.');
  if (isBad) throw new MongoError(73, `Invalid collection name: "${name}"`);
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(database))
    throw new MongoError(73, `Invalid database name: "${database}"`);
  if (Buffer.byteLength(namespace) > LONGEST_NAMESPACE) {
    throw new MongoError(
      73,
      `Fully qualified namespace is too long: ${Buffer.byteLength(namespace)} bytes, at most ${LONGEST_NAMESPACE}`,
    );
  }
  if (name.startsWith('system.')) throw new MongoError(73, `Invalid system namespace: ${namespace}`);
}

/** On some file systems two such databases would share their files, so MongoDB has one of them only. @throws MongoError 13297 */
export function checkDatabaseCase(database: string, present: readonly string[]): void {
  if (present.includes(database)) return;
  const folded = database.toLowerCase();
  const other = present.find((each) => each.toLowerCase() === folded);
  if (other !== undefined)
    throw new MongoError(
      13297,
      `db already exists with different case already have: [${other}] trying to create [${database}]`,
    );
}
