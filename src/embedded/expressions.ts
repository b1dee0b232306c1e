/** Aggregation expressions: `$expr`, pipeline updates, computed projections, `let`. See expression/. */
import type { Document } from './bson/types.ts';
import { notSupported } from './errors.ts';
import type { Collation } from './order/collation.ts';

export interface ExpressionOptions {
  readonly collation?: Collation | undefined;
  readonly let?: Document | undefined;
  readonly now?: (() => Date) | undefined;
}

export type Expression = (document: Document) => unknown;

/** Compiles an expression over a document; the result is undefined when missing. */
export function compileExpression(_expression: unknown, _options: ExpressionOptions = {}): Expression {
  throw notSupported('expressions');
}

/** Evaluates the values of a command's `let`, which are expressions without a document. */
export function evaluateLet(_variables: Document, _options: ExpressionOptions = {}): Document {
  throw notSupported('expressions');
}
