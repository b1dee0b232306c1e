/** `$lookup`: by equal fields, by a pipeline, or both. */
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError, notSupported } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import { EqualityIndex } from './equality-index.ts';
import { joinValuesAtPath } from './join-values.ts';
import { exceeded, gather, held, MAX_STAGE_BYTES } from './memory.ts';
import { collectionName, pathArgument, requireDocuments, setAs } from './other-collection.ts';
import {
  documentOperand,
  mapStage,
  type PipelineContext,
  type PipelineSource,
  type Stage,
  type StageCompiler,
} from './stage.ts';

export const lookup: StageCompiler = (operand, context, name) => {
  const given = namedArguments(
    name,
    documentOperand(name, operand, 9),
    ['as'],
    ['from', 'localField', 'foreignField', 'let', 'pipeline'],
  );
  const { pipeline } = given;
  const localField = pathArgument(name, given, 'localField');
  const foreignField = pathArgument(name, given, 'foreignField');
  if (given.let !== undefined && !isDocument(given.let))
    throw new MongoError(9, `$lookup argument 'let' must be an object, found ${typeName(typeOf(given.let))}`);
  if (pipeline !== undefined && !Array.isArray(pipeline))
    throw new MongoError(9, "$lookup argument 'pipeline' must be an array");
  if (
    (localField === undefined) !== (foreignField === undefined) ||
    (localField === undefined && pipeline === undefined)
  ) {
    throw new MongoError(
      9,
      "$lookup requires both or neither of 'localField' and 'foreignField', and 'pipeline' when neither is given",
    );
  }
  if (given.from === undefined) return lookupOfDocuments(given, context);
  const from = collectionName(name, given.from);
  const source = () => held(context.lookup(from), name, context.hold);
  const tooLarge = () => resultTooLarge(from);
  // What a pipeline would make of them may be small; MongoDB looks at that only.
  const tooManyCandidates = pipeline === undefined ? tooLarge : () => exceeded(name, MAX_STAGE_BYTES);
  const candidates =
    localField === undefined
      ? everyDocument(source)
      : equalDocuments(localField, String(foreignField), source, context, (field, values) =>
          context.lookupEqual?.(from, field, values, tooManyCandidates),
        );
  const through = pipeline === undefined ? undefined : correlatedPipeline(pipeline, given.let, context);
  return mapStage(
    setAs(given.as, (document) => {
      const found = candidates(document);
      return gather(through ? through(document, found) : found, tooLarge);
    }),
  );
};

/** Without a collection the documents are those that the pipeline itself begins with. */
function lookupOfDocuments(given: Document, context: PipelineContext): Stage {
  if (given.localField !== undefined) throw notSupported('A $lookup of $documents by localField', 9);
  requireDocuments('$lookup', given.pipeline);
  const through = correlatedPipeline(given.pipeline, given.let, context, 'own');
  return mapStage(
    setAs(given.as, (document) => gather(through(document, []), () => resultTooLarge('$documents'))),
  );
}

type Candidates = (local: Document) => Iterable<Document>;

function everyDocument(source: () => Iterable<Document>): Candidates {
  let all: Document[] | undefined;
  return () => {
    all ??= [...source()];
    return all;
  };
}

type ByIndex = (field: string, values: readonly unknown[]) => readonly Document[] | undefined;

/** Equality as a filter has it: an array on the local side counts by its elements; where none is, as null. */
function equalDocuments(
  localField: string,
  foreignField: string,
  source: () => Iterable<Document>,
  { collation }: PipelineContext,
  byIndex: ByIndex,
): Candidates {
  const components = localField.split('.');
  let index: EqualityIndex | undefined;
  return (local) => {
    const present = joinValuesAtPath(local, components);
    const values = present.length === 0 ? [null] : present;
    const found = index ? undefined : byIndex(foreignField, values);
    if (found) return found;
    index ??= new EqualityIndex(source(), foreignField, collation);
    return index.find(values);
  };
}

/** The pipeline of `$lookup` sees the variables of its `let`; without any it is compiled once. */
function correlatedPipeline(
  pipeline: unknown,
  variables: unknown,
  context: PipelineContext,
  source: PipelineSource = 'collection',
): (local: Document, documents: Iterable<Document>) => Iterable<Document> {
  const names = isDocument(variables) ? Object.keys(variables) : [];
  if (!isDocument(variables) || names.length === 0) {
    const stage = context.subPipeline(pipeline, undefined, source);
    return (_, documents) => stage(documents);
  }
  const values = names.map((name) => [name, compileExpression(variables[name], context)] as const);
  return (local, documents) => {
    const bound: Document = { ...context.let };
    for (const [name, evaluate] of values) bound[name] = evaluate(local);
    return context.subPipeline(pipeline, bound, source)(documents);
  };
}

/** Of one document. https://github.com/mongodb/mongo/blob/v7.0/src/mongo/db/pipeline/document_source_lookup.cpp */
function resultTooLarge(from: string): MongoError {
  return new MongoError(
    4568,
    `Total size of documents in ${from} matching pipeline's $lookup stage exceeds ${MAX_STAGE_BYTES} bytes`,
  );
}
