/** Stages that group: `$group` and `$sortByCount`; `$bucket` and `$bucketAuto` have files of their own. */
import { isDocument } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { compileExpression } from '../expressions.ts';
import { encodeValue } from '../order/encode.ts';
import { compileSort } from '../sorter.ts';
import { bucket } from './bucket.ts';
import { bucketAuto } from './bucket-auto.ts';
import { compileFields, Group, isExpression } from './group-fields.ts';
import { documentOperand, type StageCompiler } from './stage.ts';

const group: StageCompiler = (operand, context, name) => {
  const { _id: id, ...specification } = documentOperand(name, operand, 15947);
  const keyOf = id === undefined ? undefined : compileExpression(id, context);
  const fields = compileFields(specification, context);
  if (!keyOf) throw new MongoError(15955, 'a group specification must include an _id');
  return function* (documents) {
    const groups = new Map<string, Group>();
    for (const document of documents) {
      const found = keyOf(document);
      // Documents without the field form one group with those in which it is null.
      const key = found === undefined ? null : found;
      const bytes =
        typeof key === 'string' && !context.collation
          ? `s${key}`
          : encodeValue(key, context.collation).toString('latin1');
      let known = groups.get(bytes);
      if (!known) {
        context.hold(name, key);
        known = new Group(key, fields);
        groups.set(bytes, known);
      }
      known.add(document);
    }
    for (const each of groups.values()) yield each.result();
  };
};

const sortByCount: StageCompiler = (operand, context, name) => {
  if (!isExpression(operand)) {
    const code = isDocument(operand) ? 40147 : typeof operand === 'string' ? 40148 : 40149;
    throw new MongoError(
      code,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  const grouped = group({ _id: operand, count: { $sum: 1 } }, context, name);
  const { sort } = compileSort({ count: -1 });
  return (documents) => sort(grouped(documents));
};

export const GROUPING_STAGES: Readonly<Record<string, StageCompiler>> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
};
