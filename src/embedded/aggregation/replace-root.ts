/** `$replaceRoot` and `$replaceWith`: an expression that gives the new document. */

import { describeValue } from '../bson/describe.ts';
import { type Document, isDocument, typeName, typeOf } from '../bson/types.ts';
import { MongoError } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import { compileExpression, type ExpressionOptions } from '../expressions.ts';

export function compileReplaceRoot(
  name: string,
  operand: unknown,
  options: ExpressionOptions,
): (document: Document) => Document {
  const expression = name === '$replaceWith' ? operand : namedArguments(name, operand, ['newRoot']).newRoot;
  const evaluate = compileExpression(expression, options);
  return (document) => {
    const root = evaluate(document);
    if (isDocument(root)) return root;
    throw new MongoError(
      40228,
      `'${name === '$replaceWith' ? 'replacement document' : 'newRoot'}' expression  must evaluate to an object, but resulting value was: ${root === undefined ? 'MISSING' : describeValue(root)}. Type of resulting value: '${typeName(typeOf(root))}'.`,
    );
  };
}
