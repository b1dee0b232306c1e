/**
 * Updates: what becomes of a document. An update is compiled once and applied to many documents; the given document is
 * never changed, only what differs is copied. update/ holds the parts: modifiers.ts the table of operators, tree.ts
 * the order and conflicts of paths, apply.ts the walk through the document, seed.ts the beginning of an upsert.
 */
import { type Document, isDocument } from './bson/types.ts';
import { badValue, failedToParse } from './errors.ts';
import { compilePipelineUpdate } from './expression/pipeline-update.ts';
import { compilePositional, type FilterOptions } from './matcher.ts';
import type { Collation } from './order/collation.ts';
import { fillTimestamps } from './timestamps.ts';
import { type ElementFilters, TreeApplication } from './update/apply.ts';
import { compileArrayFilters } from './update/array-filters.ts';
import { compileDollarCheck, refuseDollarNames } from './update/dollar-names.ts';
import { identical } from './update/identical.ts';
import { parseModifiers } from './update/modifiers.ts';
import { replaceDocument, settleId } from './update/replacement.ts';
import { seedFromFilter, seedIdFromFilter } from './update/seed.ts';
import { buildTree, type LeafAt } from './update/tree.ts';

export interface UpdateOptions {
  readonly arrayFilters?: readonly Document[] | undefined;
  /** The filter that found the document; resolves `$`. */
  readonly filter?: Document | undefined;
  readonly collation?: Collation | undefined;
  readonly now: () => Date;
  readonly let?: Document | undefined;
}

export interface UpdateResult {
  /** The new document; the given one when nothing changed. */
  readonly doc: Document;
  readonly changed: boolean;
}

export interface CompiledUpdate {
  /** The document that an upsert begins with. @throws MongoError 54, 111 where the filter leaves no choice or too many */
  seed(filter: Document): Document;
  /** `isInsert`: the document is a seed of an upsert, `$setOnInsert` counts. The given document is never changed. */
  apply(document: Document, isInsert: boolean): UpdateResult;
}

/** Whether the update consists of operators; a pipeline is neither that nor a replacement. */
export function isModifierUpdate(update: Document | readonly Document[]): update is Document {
  return isDocument(update) && Object.keys(update)[0]?.startsWith('$') === true;
}

/**
 * Compiles an update of operators, a replacement or a pipeline.
 * @throws MongoError 9 for an unknown operator, 40 for conflicting paths; while applying: 14, 2, 28 for values and paths
 *   that the operator cannot work on, 66 for a change of `_id`
 */
export function compileUpdate(
  update: Document | readonly Document[],
  options: UpdateOptions,
): CompiledUpdate {
  const filterOptions: FilterOptions = { collation: options.collation, let: options.let, now: options.now };
  const hasFilters = options.arrayFilters !== undefined && options.arrayFilters.length > 0;
  if (!isModifierUpdate(update)) {
    if (hasFilters)
      throw failedToParse('arrayFilters may not be specified for a replacement or a pipeline-style update');
    return isDocument(update) ? compileReplacement(update) : compilePipeline(update, options);
  }
  const leaves = parseModifiers(update, filterOptions);
  const paths = leaves.map((leaf) => leaf.path);
  const filters = compileArrayFilters(options.arrayFilters ?? [], paths, update, filterOptions);
  return paths.some((path) => POSITIONAL.test(path))
    ? positionalUpdate(leaves, filters, options, filterOptions)
    : treeUpdate(leaves, filters, options.now);
}

const POSITIONAL = /\.\$(?=\.|$)/;

function treeUpdate(leaves: readonly LeafAt[], filters: ElementFilters, now: () => Date): CompiledUpdate {
  // The whole tree is always built, since conflicts count even where nothing will be inserted.
  const insertTree = buildTree(leaves);
  const lasting = leaves.filter(({ leaf }) => leaf.operator !== '$setOnInsert');
  const updateTree = lasting.length === leaves.length ? insertTree : buildTree(lasting);
  const checkDollarNames = compileDollarCheck(updateTree);
  return {
    seed: seedFromFilter,
    apply(document, isInsert) {
      const tree = isInsert ? insertTree : updateTree;
      const updated = new TreeApplication({ original: document, now }, filters).run(tree, document);
      if (updated === document) return { doc: document, changed: false };
      if (!isInsert) checkDollarNames(document, updated);
      return { doc: settleId(document, updated), changed: true };
    },
  };
}

/** With `$` in a path the tree depends on the position that the filter matched; trees are kept by position. */
function positionalUpdate(
  leaves: readonly LeafAt[],
  filters: ElementFilters,
  options: UpdateOptions,
  filterOptions: FilterOptions,
): CompiledUpdate {
  const locate = compilePositional(options.filter ?? {}, filterOptions);
  const updates = new Map<number, CompiledUpdate>();
  return {
    seed: seedFromFilter,
    apply(document, isInsert) {
      const position = isInsert ? undefined : locate(document);
      if (position === undefined) {
        throw badValue('The positional operator did not find the match needed from the query.');
      }
      let update = updates.get(position);
      if (!update) {
        const resolved = leaves.map((leaf) => ({
          ...leaf,
          path: leaf.path.replace(POSITIONAL, `.${position}`),
        }));
        update = treeUpdate(resolved, filters, options.now);
        updates.set(position, update);
      }
      return update.apply(document, isInsert);
    },
  };
}

function compileReplacement(replacement: Document): CompiledUpdate {
  return wholeDocument(seedIdFromFilter, (document, isInsert) => {
    if (!isInsert) refuseDollarNames(replacement);
    return replaceDocument(document, fillTimestamps(replacement));
  });
}

/** A pipeline that leaves `_id` out (`$project`, `$replaceWith`) has replaced the rest of the document. */
function compilePipeline(pipeline: readonly Document[], options: UpdateOptions): CompiledUpdate {
  const transform = compilePipelineUpdate(pipeline, options);
  return wholeDocument(seedFromFilter, (document) => replaceDocument(document, transform(document)));
}

function wholeDocument(
  seed: CompiledUpdate['seed'],
  transform: (document: Document, isInsert: boolean) => Document,
): CompiledUpdate {
  return {
    seed,
    apply(document, isInsert) {
      const updated = settleId(document, transform(document, isInsert));
      return identical(document, updated)
        ? { doc: document, changed: false }
        : { doc: updated, changed: true };
    },
  };
}
