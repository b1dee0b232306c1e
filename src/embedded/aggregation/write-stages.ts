/** `$out` and `$merge`: read here, carried out by the engine. */
import { type Document, isDocument } from '../bson/types.ts';
import { badValue, failedToParse, MongoError } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';

/** What `$out` or `$merge` asks the engine to do with the resulting documents. */
export interface WriteInstruction {
  readonly kind: 'out' | 'merge';
  readonly database?: string;
  readonly collection: string;
  /** Only `$merge`: fields that identify a document; without it `_id`. */
  readonly on?: readonly string[];
  readonly whenMatched?: 'replace' | 'keepExisting' | 'merge' | 'fail' | readonly Document[];
  readonly whenNotMatched?: 'insert' | 'discard' | 'fail';
  /** Only `$merge` with a pipeline: its variables; without it `$$new` is the incoming document. */
  readonly let?: Document;
}

const WHEN_MATCHED = ['replace', 'keepExisting', 'merge', 'fail'] as const;
const WHEN_NOT_MATCHED = ['insert', 'discard', 'fail'] as const;

export function readOut(operand: unknown): WriteInstruction {
  if (typeof operand === 'string') return { kind: 'out', collection: operand };
  const { db, coll } = namedArguments('$out', operand, ['db', 'coll']);
  if (typeof db !== 'string' || typeof coll !== 'string')
    throw new MongoError(16994, '$out requires strings for db and coll');
  return { kind: 'out', database: db, collection: coll };
}

export function readMerge(operand: unknown): WriteInstruction {
  const specification = typeof operand === 'string' ? { into: operand } : operand;
  const given = namedArguments(
    '$merge',
    specification,
    ['into'],
    ['on', 'let', 'whenMatched', 'whenNotMatched'],
  );
  const { into, on, whenMatched = 'merge', whenNotMatched = 'insert' } = given;
  const variables = given.let;
  const isPipeline = Array.isArray(whenMatched);
  if (variables !== undefined && !isPipeline)
    throw new MongoError(51199, `Cannot use 'let' variables with 'whenMatched: ${String(whenMatched)}' mode`);
  if (isDocument(variables) && variables.new !== undefined && variables.new !== '$$ROOT')
    throw new MongoError(
      51273,
      "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'",
    );
  if ((whenMatched === 'fail' || whenMatched === 'keepExisting') && whenNotMatched !== 'insert')
    throw new MongoError(
      51181,
      `Combination of $merge modes 'whenMatched: ${whenMatched}' and 'whenNotMatched: ${String(whenNotMatched)}' is not supported`,
    );
  return {
    kind: 'merge',
    ...target(into),
    ...(on === undefined ? {} : { on: fieldNames(on) }),
    whenMatched: isPipeline ? whenMatched : oneOf('whenMatched', whenMatched, WHEN_MATCHED),
    whenNotMatched: oneOf('whenNotMatched', whenNotMatched, WHEN_NOT_MATCHED),
    ...(isDocument(variables) ? { let: variables } : {}),
  };
}

function target(into: unknown): { collection: string; database?: string } {
  if (typeof into === 'string') return { collection: into };
  const { coll, db } = namedArguments('$merge into', into, ['coll'], ['db']);
  if (typeof coll !== 'string') throw badValue("$merge 'into' requires a collection name");
  return typeof db === 'string' ? { collection: coll, database: db } : { collection: coll };
}

function fieldNames(on: unknown): readonly string[] {
  const names = Array.isArray(on) ? on : [on];
  if (names.length > 0 && names.every((name) => typeof name === 'string')) return names;
  throw new MongoError(51186, "$merge 'on' must be a string or a non-empty array of strings");
}

function oneOf<T extends string>(name: string, value: unknown, possible: readonly T[]): T {
  const found = possible.find((each) => each === value);
  if (found === undefined)
    throw failedToParse(`$merge '${name}' is ${String(value)}; possible: ${possible.join(', ')}`);
  return found;
}
