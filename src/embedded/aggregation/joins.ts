/** Stages that read other collections or run pipelines of their own: `$lookup`, `$graphLookup`, `$unionWith`, `$facet`. */
import { Long } from 'bson';
import { type Document, isDocument } from '../bson/types.ts';
import { MongoError, notSupported } from '../errors.ts';
import { valueAtPath } from '../expression/field-path.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import { compileFilter } from '../matcher.ts';
import { addComputed, insertPath, newBranch } from '../projection/tree.ts';
import { EqualityIndex } from './equality-index.ts';
import {
  documentOperand,
  mapStage,
  type PipelineContext,
  type PipelineSource,
  type Stage,
  type StageCompiler,
  wholeOperand,
} from './stage.ts';

/** Sets a possibly dotted field to a list of documents. */
function setAs(path: unknown, compute: (document: Document) => Document[]): (document: Document) => Document {
  if (typeof path !== 'string' || path === '')
    throw new MongoError(9, "the 'as' field must be a non-empty string");
  const tree = newBranch();
  insertPath(tree, path, { kind: 'compute', compute });
  return (document) => addComputed(tree, { ...document }, document);
}

function collectionName(stage: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  if (isDocument(value)) throw notSupported(`A collection of another database in ${stage}`, 9);
  throw new MongoError(9, `${stage} argument 'from' must be a string`);
}

const lookup: StageCompiler = (operand, context, name) => {
  const given = namedArguments(
    name,
    documentOperand(name, operand, 9),
    ['as'],
    ['from', 'localField', 'foreignField', 'let', 'pipeline'],
  );
  const { localField, foreignField, pipeline } = given;
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
  const source = () => context.lookup(collectionName(name, given.from));
  const candidates =
    localField === undefined
      ? everyDocument(source)
      : equalDocuments(
          String(localField),
          String(foreignField),
          source,
          indexLookup(given.from, name, context),
        );
  const through = pipeline === undefined ? undefined : correlatedPipeline(pipeline, given.let, context);
  return mapStage(
    setAs(given.as, (document) => {
      const found = candidates(document);
      return through ? [...through(document, found)] : [...found];
    }),
  );
};

/** Without a collection the documents are those that the pipeline itself begins with. */
function lookupOfDocuments(given: Document, context: PipelineContext): Stage {
  if (given.localField !== undefined) throw notSupported('A $lookup of $documents by localField', 9);
  requireDocuments('$lookup', given.pipeline);
  const through = correlatedPipeline(given.pipeline, given.let, context, 'own');
  return mapStage(setAs(given.as, (document) => [...through(document, [])]));
}

function requireDocuments(stage: string, pipeline: unknown): void {
  const first: unknown = Array.isArray(pipeline) ? pipeline[0] : undefined;
  if (isDocument(first) && '$documents' in first) return;
  throw new MongoError(
    9,
    `${stage} stage without explicit collection must have a pipeline with $documents as first stage`,
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

function indexLookup(
  from: unknown,
  stage: string,
  context: PipelineContext,
): PipelineContext & { byIndex: ByIndex } {
  const { lookupEqual } = context;
  const byIndex: ByIndex = (field, values) => lookupEqual?.(collectionName(stage, from), field, values);
  return { ...context, byIndex };
}

/** Equality as a filter has it: an array on the local side counts by its elements, missing as null. */
function equalDocuments(
  localField: string,
  foreignField: string,
  source: () => Iterable<Document>,
  context: PipelineContext & { byIndex: ByIndex },
): Candidates {
  const components = localField.split('.');
  let index: EqualityIndex | undefined;
  return (local) => {
    const value = valueAtPath(local, components, 0);
    const values = Array.isArray(value) ? value : [value === undefined ? null : value];
    const found = index ? undefined : context.byIndex(foreignField, values);
    if (found) return found;
    index ??= new EqualityIndex(source(), foreignField, context.collation);
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

const graphLookup: StageCompiler = (operand, context, name) => {
  const given = namedArguments(
    name,
    documentOperand(name, operand, 40327),
    ['from', 'startWith', 'connectFromField', 'connectToField', 'as'],
    ['maxDepth', 'depthField', 'restrictSearchWithMatch'],
  );
  const startWith = compileExpression(given.startWith, context);
  const from = String(given.connectFromField).split('.');
  const maxDepth =
    given.maxDepth === undefined ? Number.POSITIVE_INFINITY : wholeOperand(name, given.maxDepth, 40100);
  const depthField = given.depthField;
  const allowed = compileFilter(
    isDocument(given.restrictSearchWithMatch) ? given.restrictSearchWithMatch : {},
    context,
  );
  let index: EqualityIndex | undefined;
  return mapStage(
    setAs(given.as, (document) => {
      index ??= new EqualityIndex(
        context.lookup(collectionName(name, given.from)),
        String(given.connectToField),
        context.collation,
      );
      const found = new Map<Document, number>();
      let frontier = asList(startWith(document));
      for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth++) {
        const fresh = index.find(frontier).filter((each) => !found.has(each) && allowed(each));
        for (const each of fresh) found.set(each, depth);
        frontier = fresh.flatMap((each) => asList(valueAtPath(each, from, 0)));
      }
      return [...found].map(([each, depth]) =>
        typeof depthField === 'string' ? { ...each, [depthField]: Long.fromNumber(depth) } : each,
      );
    }),
  );
};

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

const unionWith: StageCompiler = (operand, context, name) => {
  const given =
    typeof operand === 'string' ? { coll: operand } : namedArguments(name, operand, [], ['coll', 'pipeline']);
  const { coll, pipeline } = given as Document;
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
    for (const stage of Array.isArray(pipeline) ? pipeline : []) {
      const stageName = isDocument(stage) ? Object.keys(stage)[0] : undefined;
      if (stageName !== undefined && NOT_IN_FACET.has(stageName)) {
        throw new MongoError(40600, `${stageName} is not allowed to be used within a $facet stage`);
      }
    }
    return [field, context.subPipeline(pipeline)] as const;
  });
  return function* (documents) {
    const all = [...documents];
    const result: Document = {};
    for (const [field, stage] of branches) result[field] = [...stage(all)];
    yield result;
  };
};

export const JOINING_STAGES: Readonly<Record<string, StageCompiler>> = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
  $facet: facet,
};
