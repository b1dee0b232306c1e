/** Names of the fields that stages add. */
import { MongoError } from '../errors.ts';

/** @throws MongoError for a name that is empty, dotted or begins with a dollar */
export function checkFieldName(stage: string, name: unknown, code: number): string {
  if (typeof name !== 'string' || name === '')
    throw new MongoError(code, `the ${stage} field must be a non-empty string`);
  if (name.startsWith('$')) throw new MongoError(code, `the ${stage} field cannot be a $-prefixed path`);
  if (name.includes('.')) throw new MongoError(code, `the ${stage} field cannot contain '.'`);
  return name;
}
