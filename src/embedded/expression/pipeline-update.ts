/** Updates given as a pipeline: `$set`, `$unset`, `$project` and `$replaceWith` on one document. */

import { compileReplaceRoot } from '../aggregation/replace-root.ts';
import { type Document, isDocument } from '../bson/types.ts';
import { failedToParse, MongoError } from '../errors.ts';
import type { ExpressionOptions } from '../expressions.ts';
import { compileAddFields, compileStageProjection, compileUnsetFields, type Project } from '../projector.ts';

/** @throws MongoError 72 for a stage that an update may not have */
export function compilePipelineUpdate(pipeline: readonly unknown[], options: ExpressionOptions): Project {
  const stages = pipeline.map((stage) => compileStage(stage, options));
  return (document) => stages.reduce((current, stage) => stage(current), document);
}

function compileStage(stage: unknown, options: ExpressionOptions): Project {
  const [name, ...others] = isDocument(stage) ? Object.keys(stage) : [];
  if (!isDocument(stage) || name === undefined || others.length > 0) {
    throw failedToParse('A pipeline stage specification object must contain exactly one field.');
  }
  const operand = stage[name];
  switch (name) {
    case '$set':
    case '$addFields':
      return compileAddFields(documentOperand(name, operand), options);
    case '$unset':
      return compileUnsetFields(operand);
    case '$project':
      return compileStageProjection(documentOperand(name, operand), options);
    case '$replaceRoot':
    case '$replaceWith':
      return compileReplaceRoot(name, operand, options);
    default:
      throw new MongoError(72, `${name} is not allowed to be used within an update`);
  }
}

export function documentOperand(name: string, operand: unknown): Document {
  if (isDocument(operand)) return operand;
  throw new MongoError(40272, `${name} specification stage must be an object`);
}
