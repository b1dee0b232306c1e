/** `$graphLookup`: from document to document along a field, each found once. */
import { Long } from 'bson';
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import { compileFilter } from '../matcher.ts';
import { EqualityIndex } from './equality-index.ts';
import { joinValuesAtPath } from './join-values.ts';
import { held } from './memory.ts';
import { collectionName, pathArgument, setAs } from './other-collection.ts';
import { documentOperand, mapStage, type StageCompiler, wholeOperand } from './stage.ts';

export const graphLookup: StageCompiler = (operand, context, name) => {
  const given = namedArguments(
    name,
    documentOperand(name, operand, 40327),
    ['from', 'startWith', 'connectFromField', 'connectToField', 'as'],
    ['maxDepth', 'depthField', 'restrictSearchWithMatch'],
  );
  const startWith = compileExpression(given.startWith, context);
  const path = (argument: string) => pathArgument(name, given, argument, 40103);
  const connectFrom = path('connectFromField')?.split('.') ?? [];
  const connectTo = path('connectToField') ?? '';
  const depthField = path('depthField');
  const maxDepth = readMaxDepth(name, given.maxDepth);
  const { restrictSearchWithMatch = {} } = given;
  if (!isDocument(restrictSearchWithMatch))
    throw new MongoError(
      40185,
      `$graphLookup argument 'restrictSearchWithMatch' must be an object, found ${typeName(typeOf(restrictSearchWithMatch))}`,
    );
  const allowed = compileFilter(restrictSearchWithMatch, context);
  let index: EqualityIndex | undefined;
  return mapStage(
    setAs(given.as, (document) => {
      index ??= new EqualityIndex(
        held(context.lookup(collectionName(name, given.from)), name, context.hold),
        connectTo,
        context.collation,
      );
      const found = new Map<Document, number>();
      let frontier = asList(startWith(document));
      for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth++) {
        const fresh = index.find(frontier).filter((each) => !found.has(each) && allowed(each));
        for (const each of fresh) found.set(each, depth);
        frontier = fresh.flatMap((each) => joinValuesAtPath(each, connectFrom));
      }
      return [...found].map(([each, depth]) =>
        depthField !== undefined ? { ...each, [depthField]: Long.fromNumber(depth) } : each,
      );
    }),
  );
};

function readMaxDepth(name: string, value: unknown): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const depth = wholeOperand(name, value, { other: 40100, fraction: 40102 });
  if (depth < 0) throw new MongoError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  return depth;
}

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
