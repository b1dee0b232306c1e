/**
 * What every Mongoose schema of the stores has in common, and the way from a stored document to a plain object.
 *
 * The compiler checks types at the ports, so the schemas have no `required`: it would only refuse an empty text, which a
 * post of pictures has. What a schema is for here: names and types as they lie in the database, casting, and a loud refusal
 * of a field that it does not know (`strict: 'throw'`; the default drops such a field silently, which would lose data).
 */
import mongoose from 'mongoose';

/** One entry for each field of `T`; a field added to core/words.ts does not compile until its schema has it. */
export type FieldsOf<T> = Readonly<Record<keyof T, unknown>>;

/**
 * A schema for a collection. Field checks are done by `FieldsOf`: Mongoose's own definition type cannot express readonly
 * arrays and optional fields of words.ts, hence the cast.
 */
export function collectionSchema<T extends { _id: string }>(fields: FieldsOf<T>): mongoose.Schema<T> {
  return new mongoose.Schema<T>(fields as mongoose.SchemaDefinition<mongoose.SchemaDefinitionType<T>>, {
    versionKey: false,
    id: false,
    // Empty objects (a post without variants) are kept as they are.
    minimize: false,
    strict: 'throw',
    strictQuery: 'throw',
    autoIndex: false,
    autoCreate: false,
  });
}

/** A schema for a value inside a document; it has no id of its own. */
export function valueSchema<T>(fields: FieldsOf<T>): mongoose.Schema {
  return new mongoose.Schema(fields as mongoose.SchemaDefinition, {
    _id: false,
    id: false,
    minimize: false,
    strict: 'throw',
  });
}

/** The model of a connection, made once; a second call on the same connection answers the same one. */
export function modelOf<T extends { _id: string }>(
  connection: mongoose.Connection,
  name: string,
  schema: mongoose.Schema<T>,
  collection: string,
): mongoose.Model<T> {
  const known = connection.models[name] as mongoose.Model<T> | undefined;
  return known ?? connection.model<T>(name, schema, collection);
}

/** A stored document as callers see it: `_id` is called `id`, private fields are gone, an empty field is absent. */
export function plain<T>(document: { readonly _id: string }, privateFields: readonly string[] = []): T {
  const result: Record<string, unknown> = { id: document._id };
  const stored = document as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(stored)) {
    const value = stored[key];
    if (key === '_id' || value === null || value === undefined || privateFields.includes(key)) continue;
    result[key] = value;
  }
  return Object.freeze(result) as T;
}

/**
 * How many documents match. By the `count` command and not by `countDocuments`, which sends an aggregation: counting keys of
 * an index is all that is needed, and the embedded database loads its aggregation engine only for those who use it.
 */
export async function countOf<T>(
  model: mongoose.Model<T>,
  query: Readonly<Record<string, unknown>>,
): Promise<number> {
  const database = model.db.db;
  if (database === undefined) throw new Error('The database connection is closed.');
  const answer = await database.command({ count: model.collection.collectionName, query });
  return Number(answer.n);
}

/**
 * Documents in one reply of a query whose answer is read to its end. Without a number a first reply holds 101
 * (https://www.mongodb.com/docs/manual/tutorial/iterate-a-cursor/), and the others cost one more round trip.
 */
export const REPLY_MAX = 1001;

/** Parts of an update: values are set, `null` removes the field, `undefined` leaves it. */
export function setAndUnset(patch: Readonly<Record<string, unknown>>): {
  readonly $set: Record<string, unknown>;
  readonly $unset: Record<string, true>;
} {
  const $set: Record<string, unknown> = {};
  const $unset: Record<string, true> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) $unset[key] = true;
    else if (value !== undefined) $set[key] = value;
  }
  return { $set, $unset };
}

/**
 * Refuses a document with a field that its schema does not know, for writes that go past Mongoose: as Mongoose would with
 * `strict: 'throw'`. What lies in a free-form value is not looked at.
 */
export function refuseUnknownFields(schema: mongoose.Schema, value: object, path = ''): void {
  for (const [key, inside] of Object.entries(value)) {
    if (inside === undefined) continue;
    const known = schema.paths[key];
    if (!known) throw new mongoose.Error.StrictModeError(`${path}${key}`);
    if (!known.schema || inside === null) continue;
    for (const each of [inside].flat()) refuseUnknownFields(known.schema, each, `${path}${key}.`);
  }
}

/** The first of some instants; undefined when there is none. */
export function earliest(instants: readonly (Date | undefined)[]): Date | undefined {
  return instants
    .filter((instant) => instant !== undefined)
    .sort((a, b) => a.getTime() - b.getTime())
    .at(0);
}
