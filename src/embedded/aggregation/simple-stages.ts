/** Stages that look at one document at a time, and those that sort, cut and count. */
import { Long } from 'bson';
import { fieldPathComponents } from '../bson/field-path.ts';
import { getField, setField } from '../bson/fields.ts';
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError, unknownName } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import { compileFilter } from '../matcher.ts';
import { addComputed, insertPath, newBranch } from '../projection/tree.ts';
import { compileAddFields, compileStageProjection, compileUnsetFields } from '../projector.ts';
import { compileSort } from '../sorter.ts';
import { countField } from './count-field.ts';
import { held } from './memory.ts';
import { compileReplaceRoot } from './replace-root.ts';
import { documentOperand, mapStage, type Stage, type StageCompiler, wholeOperand } from './stage.ts';

const match: StageCompiler = (operand, context, name) => {
  const matches = compileFilter(documentOperand(name, operand, 15959), context);
  return function* (documents) {
    for (const document of documents) if (matches(document)) yield document;
  };
};

const sort: StageCompiler = (operand, context, name) => {
  const specification = documentOperand(name, operand, 15973);
  if (Object.keys(specification).length === 0)
    throw new MongoError(15976, '$sort stage must have at least one sort key');
  const { sort: sorted } = compileSort(specification, context.collation);
  return (documents) => sorted(held(documents, name, context.hold));
};

const limit: StageCompiler = (operand, _, name) => {
  const count = wholeOperand(name, operand, 2107201);
  if (count <= 0) throw new MongoError(15958, 'the limit must be positive');
  return function* (documents) {
    let left = count;
    for (const document of documents) {
      yield document;
      // Ends here and not on the next document: the source must not be asked for more than is needed.
      if (--left === 0) return;
    }
  };
};

const skip: StageCompiler = (operand, _, name) => {
  const count = wholeOperand(name, operand, 5107200);
  if (count < 0)
    throw new MongoError(
      5107200,
      `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${count}`,
    );
  return function* (documents) {
    let left = count;
    for (const document of documents) {
      if (left > 0) left--;
      else yield document;
    }
  };
};

const count: StageCompiler = (operand) => {
  const field = countField(operand);
  return function* (documents) {
    let total = 0;
    for (const _ of documents) total++;
    if (total > 0) yield { [field]: total };
  };
};

const unwind: StageCompiler = (operand, _, name) => {
  const given = typeof operand === 'string' ? { path: operand } : documentOperand(name, operand, 15981);
  const { path, includeArrayIndex, preserveNullAndEmptyArrays, ...others } = given as Document;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw unknownName(28811, `unrecognized option to $unwind stage: ${unknown}`);
  if (path === undefined) throw new MongoError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string')
    throw new MongoError(
      28808,
      `expected a string as the path for $unwind stage, got ${typeName(typeOf(path))}`,
    );
  if (!path.startsWith('$'))
    throw new MongoError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (preserveNullAndEmptyArrays !== undefined && typeof preserveNullAndEmptyArrays !== 'boolean')
    throw new MongoError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(typeOf(preserveNullAndEmptyArrays))}`,
    );
  if (includeArrayIndex !== undefined && (typeof includeArrayIndex !== 'string' || includeArrayIndex === ''))
    throw new MongoError(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage, got ${typeName(typeOf(includeArrayIndex))}`,
    );
  return unwindStage(
    fieldPathComponents(path.slice(1)),
    includeArrayIndex,
    preserveNullAndEmptyArrays === true,
  );
};

function unwindStage(components: readonly string[], index: string | undefined, preserve: boolean): Stage {
  const withIndex = indexSetter(index);
  return function* (documents) {
    for (const document of documents) {
      const value = valueAt(document, components);
      if (Array.isArray(value) && value.length > 0) {
        for (const [position, element] of value.entries()) {
          yield withIndex(replaceAt(document, components, 0, element), position);
        }
      } else if (Array.isArray(value)) {
        if (preserve) yield withIndex(replaceAt(document, components, 0, undefined), null);
      } else if ((value !== undefined && value !== null) || preserve) {
        yield withIndex(document, null);
      }
    }
  };
}

function valueAt(document: Document, components: readonly string[]): unknown {
  let value: unknown = document;
  for (const name of components) value = isDocument(value) ? getField(value, name) : undefined;
  return value;
}

function replaceAt(document: Document, components: readonly string[], at: number, value: unknown): Document {
  const name = components[at] as string;
  const copy: Document = { ...document };
  const inner =
    at === components.length - 1
      ? value
      : replaceAt(getField(document, name) as Document, components, at + 1, value);
  if (inner === undefined) delete copy[name];
  else setField(copy, name, inner);
  return copy;
}

/** Puts the position, a long or null, into a possibly dotted field. */
function indexSetter(field: string | undefined): (document: Document, position: number | null) => Document {
  if (field === undefined) return (document) => document;
  if (field.startsWith('$'))
    throw new MongoError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${field}`,
    );
  let current: unknown = null;
  const tree = newBranch();
  insertPath(tree, field, { kind: 'compute', compute: () => current });
  return (document, position) => {
    current = position === null ? null : Long.fromNumber(position);
    return addComputed(tree, { ...document }, document);
  };
}

const sample: StageCompiler = (operand, context, name) => {
  const { size } = namedArguments(name, operand, ['size']);
  const wanted = wholeOperand(name, size, 28746);
  if (wanted < 0) throw new MongoError(28747, 'size argument to $sample must not be negative');
  return (documents) => {
    const all = [...held(documents, name, context.hold)];
    // A partial Fisher-Yates shuffle: every selection and every order is equally likely.
    const size = Math.min(wanted, all.length);
    for (let index = 0; index < size; index++) {
      const other = index + Math.floor(context.random() * (all.length - index));
      [all[index], all[other]] = [all[other] as Document, all[index] as Document];
    }
    return all.slice(0, size);
  };
};

const documentsStage: StageCompiler = (operand, context) => {
  const evaluate = compileExpression(operand, context);
  return () => {
    const value = evaluate({});
    if (!Array.isArray(value) || !value.every(isDocument)) {
      throw new MongoError(5858203, 'an array of documents is expected in $documents');
    }
    return value;
  };
};

export const SIMPLE_STAGES: Readonly<Record<string, StageCompiler>> = {
  $match: match,
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $count: count,
  $unwind: unwind,
  $sample: sample,
  $documents: documentsStage,
  $project: (operand, context, name) =>
    mapStage(compileStageProjection(documentOperand(name, operand, 15969), context)),
  $addFields: (operand, context, name) => mapStage(compileAddFields(documentOperand(name, operand), context)),
  $set: (operand, context, name) => mapStage(compileAddFields(documentOperand(name, operand), context)),
  $unset: (operand) => mapStage(compileUnsetFields(operand)),
  $replaceRoot: (operand, context, name) => mapStage(compileReplaceRoot(name, operand, context)),
  $replaceWith: (operand, context, name) => mapStage(compileReplaceRoot(name, operand, context)),
};
