/**
 * Projections: which part of a document is answered. Compiled once. projection/ holds the parts: parse.ts reads the
 * specification, tree.ts applies it, array-operators.ts does what only find knows. `$project` and `$set` use
 * `compileStageProjection` and `compileAddFields`, which read the same specification as expressions throughout.
 */
import { fieldEntries } from './bson/field-order.ts';
import { type Document, isDocument, isNumeric } from './bson/types.ts';
import { MongoError, notSupported } from './errors.ts';
import { compileExpression, type ExpressionOptions } from './expressions.ts';
import { elemMatchStep, type PostStep, positionalStep, sliceStep } from './projection/array-operators.ts';
import { type ParsedProjection, parseProjection, type Special } from './projection/parse.ts';
import { addComputed, exclude, hasComputed, include, insertPath, newBranch } from './projection/tree.ts';

export interface ProjectionOptions extends ExpressionOptions {
  /** The filter that found the document; resolves `$`. */
  readonly filter?: Document | undefined;
}

export type Project = (document: Document) => Document;

const POSITIONAL_END = '.$';

/**
 * Compiles a find projection. An empty one gives the document itself.
 * @throws MongoError for mixed or colliding paths; refuses `$meta`
 */
export function compileProjection(projection: Document, options: ProjectionOptions = {}): Project {
  if (Object.keys(projection).length === 0) return (document) => document;
  const steps: PostStep[] = [];
  const included: string[] = [];
  const special: Special = (path, operator, operand) => {
    if (operator === '' && path.endsWith(POSITIONAL_END)) {
      const field = path.slice(0, -POSITIONAL_END.length);
      if (included.length > 0)
        throw new MongoError(31276, 'Cannot specify more than one positional projection per query.');
      if (operand === false || (isNumeric(operand) && Number(operand) === 0))
        throw new MongoError(31395, 'positional projection cannot be used with exclusion');
      if (!isNumeric(operand) && operand !== true)
        throw new MongoError(31271, 'positional projection cannot be used with an expression');
      steps.push(positionalStep(field, options.filter ?? {}, options));
      included.push(field);
      return 'inclusion';
    }
    if (operator === '' && path.includes(`${POSITIONAL_END}.`))
      throw new MongoError(
        31394,
        'Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the $',
      );
    if (operator === '$elemMatch') {
      steps.push(elemMatchStep(path, operand, options));
      return 'default inclusion';
    }
    if (operator === '$slice' && isFindSlice(operand)) {
      steps.push(sliceStep(path, operand));
      sliced.push(path);
      return 'neutral';
    }
    if (operator === '$meta') throw notSupported('The projection $meta', 2);
    return undefined;
  };
  const sliced: string[] = [];
  const parsed = parseProjection(projection, options, special);
  // A sliced or positional field of an inclusion is an included field.
  for (const path of parsed.kind === 'inclusion' ? [...included, ...sliced] : []) {
    insertPath(parsed.tree, path, { kind: 'include' });
  }
  const project = applyTree(parsed);
  return steps.length === 0
    ? project
    : (document) => steps.reduce((projected, step) => step(projected, document), project(document));
}

/** Numbers, as against the expression `$slice: ['$array', 1]`. */
function isFindSlice(operand: unknown): boolean {
  return isNumeric(operand) || (Array.isArray(operand) && operand.length === 2 && operand.every(isNumeric));
}

/** `$project`. */
export function compileStageProjection(specification: Document, options: ExpressionOptions): Project {
  if (Object.keys(specification).length === 0) {
    throw new MongoError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return applyTree(parseProjection(specification, options));
}

function applyTree({ kind, tree }: ParsedProjection): Project {
  if (kind === 'exclusion') return (document) => exclude(tree, document);
  if (!tree.children.has('_id')) tree.children.set('_id', { kind: 'include' });
  if (!hasComputed(tree)) return (document) => include(tree, document);
  return (document) => addComputed(tree, include(tree, document), document);
}

/** `$set` and `$addFields`: every value is an expression, numbers too. @throws MongoError 40177, 40180, 40183, those of expressions */
export function compileAddFields(specification: Document, options: ExpressionOptions): Project {
  if (Object.keys(specification).length === 0)
    throw new MongoError(
      40177,
      'Invalid $addFields :: caused by :: specification must have at least one field',
    );
  const tree = newBranch();
  insertExpressions(specification, '', (path, value) => {
    const evaluate = compileExpression(value, options);
    insertPath(tree, path, { kind: 'compute', compute: (root) => evaluate(root) });
  });
  return (document) => addComputed(tree, { ...document }, document);
}

/** A document without operators names fields inside the field; anything else is an expression. */
function insertExpressions(
  specification: Document,
  prefix: string,
  add: (path: string, value: unknown) => void,
): void {
  for (const [name, value] of fieldEntries(specification)) {
    if (prefix !== '' && name.includes('.'))
      throw new MongoError(
        40183,
        `Invalid $addFields :: caused by :: cannot use dotted field name '${name}' in a sub object`,
      );
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (!isDocument(value) || isOperation(value)) add(path, value);
    else if (Object.keys(value).length > 0) insertExpressions(value, path, add);
    else
      throw new MongoError(
        40180,
        `Invalid $addFields :: caused by :: an empty object is not a valid value. Found empty object at path ${path}`,
      );
  }
}

function isOperation(value: Document): boolean {
  return Object.keys(value)[0]?.startsWith('$') === true;
}

/** `$unset`: names of fields, given as one string or several. */
export function compileUnsetFields(operand: unknown): Project {
  const names = Array.isArray(operand) ? operand : [operand];
  if (!Array.isArray(operand) && typeof operand !== 'string')
    throw new MongoError(31002, '$unset specification must be a string or an array');
  if (names.length === 0)
    throw new MongoError(31119, '$unset specification must be a string or an array with at least one field');
  if (names.some((name) => typeof name !== 'string'))
    throw new MongoError(
      31120,
      '$unset specification must be a string or an array containing only string values',
    );
  const tree = newBranch();
  for (const name of names) insertPath(tree, String(name), { kind: 'exclude' });
  return (document) => exclude(tree, document);
}
