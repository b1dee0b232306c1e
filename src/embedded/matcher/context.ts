/** What every part of a filter needs while it is compiled. */
import type { Document } from '../bson/types.ts';
import type { Collation } from '../order/collation.ts';
import type { Node } from './walk.ts';

export interface CompileContext {
  readonly collation: Collation | undefined;
  /** Compiles a whole filter; handed in because `$elemMatch` and `$all` contain filters again. */
  compile(filter: Document, context: CompileContext): Node;
  /** Compiles the operand of `$expr`. */
  expression(operand: unknown): Node;
}
