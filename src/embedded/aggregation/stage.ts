/** What a stage is: a function from documents to documents, lazily where it can be. */
import { describeValue } from '../bson/describe.ts';
import { type Document, isDocument, isNumeric } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import type { ExpressionOptions } from '../expressions.ts';
import type { Hold } from './memory.ts';

export type Stage = (documents: Iterable<Document>) => Iterable<Document>;

export interface PipelineContext extends ExpressionOptions {
  readonly now: () => Date;
  readonly random: () => number;
  readonly step: (() => void) | undefined;
  /** Where stages note what they keep. */
  readonly hold: Hold;
  /** Documents of another collection of the same database. */
  readonly lookup: (collection: string) => Iterable<Document>;
  /** Documents of another collection by the values of one field, where an index makes that cheaper than reading them all. */
  readonly lookupEqual: LookupEqual | undefined;
  /** The sessions that clients have used of late. */
  readonly localSessions: () => Iterable<Document>;
  /** Compiles a pipeline inside a stage; `source: 'own'` for one that begins with documents of its own. */
  subPipeline(pipeline: unknown, variables?: Document, source?: PipelineSource): Stage;
}

/**
 * In natural order; undefined where the caller had better read the whole collection.
 * @throws what `tooLarge` gives when they are more than a stage may keep
 */
export type LookupEqual = (
  collection: string,
  field: string,
  values: readonly unknown[],
  tooLarge: () => MongoError,
) => readonly Document[] | undefined;

/** Where a pipeline's documents come from: a collection, or its first stage. */
export type PipelineSource = 'collection' | 'own';

/** Stages that bring documents of their own, so that a pipeline has no collection before them. */
export const OWN_SOURCES: ReadonlySet<string> = new Set(['$documents', '$listLocalSessions']);

export type StageCompiler = (operand: unknown, context: PipelineContext, name: string) => Stage;

/** @throws MongoError when the operand of a stage is no document */
export function documentOperand(name: string, operand: unknown, code = 40272): Document {
  if (isDocument(operand)) return operand;
  throw new MongoError(code, `${name} specification stage must be an object`);
}

/** A whole number as operand. @param code for what is none, or for what is no number and for one that is not whole */
export function wholeOperand(
  name: string,
  operand: unknown,
  code: number | { other: number; fraction: number },
): number {
  const number = isNumeric(operand) ? Number(operand) : undefined;
  if (number !== undefined && Number.isInteger(number)) return number;
  const { other, fraction } = typeof code === 'number' ? { other: code, fraction: code } : code;
  throw new MongoError(
    number === undefined ? other : fraction,
    `invalid argument to ${name} stage: Expected an integer, but found ${describeValue(operand)}`,
  );
}

/** A stage that turns each document into one. */
export function mapStage(change: (document: Document) => Document): Stage {
  return function* (documents) {
    for (const document of documents) yield change(document);
  };
}
