/** `$graphLookup`: from document to document along a field, each found once. */
import { Long } from 'bson';
import { type Document, isDocument } from '../bson/types.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression } from '../expressions.ts';
import { compileFilter } from '../matcher.ts';
import { EqualityIndex } from './equality-index.ts';
import { joinValuesAtPath } from './join-values.ts';
import { held } from './memory.ts';
import { collectionName, setAs } from './other-collection.ts';
import { documentOperand, mapStage, type StageCompiler, wholeOperand } from './stage.ts';

export const graphLookup: StageCompiler = (operand, context, name) => {
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
        held(context.lookup(collectionName(name, given.from)), name, context.hold),
        String(given.connectToField),
        context.collation,
      );
      const found = new Map<Document, number>();
      let frontier = asList(startWith(document));
      for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth++) {
        const fresh = index.find(frontier).filter((each) => !found.has(each) && allowed(each));
        for (const each of fresh) found.set(each, depth);
        frontier = fresh.flatMap((each) => joinValuesAtPath(each, from));
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
