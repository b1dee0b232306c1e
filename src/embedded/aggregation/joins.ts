/** Stages that read other collections or run pipelines of their own; `$unionWith` and `$facet` are here. */
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError, typeMismatch } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { graphLookup } from './graph-lookup.ts';
import { lookup } from './lookup.ts';
import { gather, held, MAX_STAGE_BYTES } from './memory.ts';
import { collectionName, requireDocuments } from './other-collection.ts';
import { documentOperand, type Stage, type StageCompiler } from './stage.ts';

const unionWith: StageCompiler = (operand, context, name) => {
  const given =
    typeof operand === 'string' ? { coll: operand } : namedArguments(name, operand, [], ['coll', 'pipeline']);
  const { coll, pipeline } = given as Document;
  if (coll !== undefined && typeof coll !== 'string')
    throw typeMismatch(
      `BSON field '$unionWith.coll' is the wrong type '${typeName(typeOf(coll))}', expected type 'string'`,
    );
  if (coll === '') throw new MongoError(73, 'Invalid namespace specified: a collection has a name');
  if (coll === undefined) requireDocuments(name, pipeline);
  const source = coll === undefined ? 'own' : 'collection';
  const stage: Stage =
    pipeline === undefined ? (documents) => documents : context.subPipeline(pipeline, undefined, source);
  return function* (documents) {
    yield* documents;
    yield* stage(coll === undefined ? [] : context.lookup(collectionName(name, coll)));
  };
};

const NOT_IN_FACET = new Set([
  '$facet',
  '$out',
  '$merge',
  '$geoNear',
  '$indexStats',
  '$collStats',
  '$documents',
  '$listLocalSessions',
  '$changeStream',
]);

const facet: StageCompiler = (operand, context, name) => {
  const specification = documentOperand(name, operand, 40169);
  const names = Object.keys(specification);
  if (names.length === 0) throw new MongoError(40169, 'the $facet specification must be a non-empty object');
  const branches = names.map((field) => {
    const pipeline = specification[field];
    if (!Array.isArray(pipeline))
      throw new MongoError(
        40170,
        `arguments to $facet must be arrays, ${field} is of type ${typeName(typeOf(pipeline))}`,
      );
    if (field.startsWith('$'))
      throw new MongoError(16410, `FieldPath field names may not start with '$', found '${field}'`);
    if (field.includes('.'))
      throw new MongoError(16412, `FieldPath field names may not contain '.', found '${field}'`);
    for (const stage of pipeline) {
      const stageName = isDocument(stage) ? Object.keys(stage)[0] : undefined;
      if (stageName !== undefined && NOT_IN_FACET.has(stageName)) {
        throw new MongoError(40600, `${stageName} is not allowed to be used within a $facet stage`);
      }
    }
    return [field, context.subPipeline(pipeline)] as const;
  });
  return function* (documents) {
    const all = [...held(documents, name, context.hold)];
    const result: Document = {};
    for (const [field, stage] of branches) result[field] = gather(stage(all), facetTooLarge);
    yield result;
  };
};

/** https://github.com/mongodb/mongo/blob/v7.0/src/mongo/db/pipeline/document_source_facet.cpp */
function facetTooLarge(bytes: number): MongoError {
  return new MongoError(
    4031700,
    `document constructed by $facet is ${bytes} bytes, which exceeds the limit of ${MAX_STAGE_BYTES} bytes`,
  );
}

export const JOINING_STAGES: Readonly<Record<string, StageCompiler>> = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
  $facet: facet,
};
