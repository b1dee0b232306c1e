// Options that several commands share: collation, `let`, and statements that carry their own.
import type { Document } from '../bson/types.ts';
import { type CommandRequest, documentField } from '../command.ts';
import { evaluateLet } from '../expressions.ts';
import type { CollectionInfo } from '../index-info.ts';
import { type Collation, parseCollation } from '../order.ts';

/** The collation of a command or statement; without one, the collection's own. */
export function collationFrom(
  document: Document | undefined,
  collection: CollectionInfo | undefined,
): Collation | undefined {
  const wanted = document ?? collection?.options.collation;
  return wanted && Object.keys(wanted).length > 0 ? parseCollation(wanted) : undefined;
}

/** The command's variables, evaluated; undefined without any. */
export function variablesOf(request: CommandRequest): Document | undefined {
  const variables = documentField(request, 'let');
  return variables && evaluateLet(variables);
}

/** The collection of a namespace, made when it does not exist. Inside a transaction. */
export function collectionForWrite({ engine }: CommandRequest, namespace: string): CollectionInfo {
  return engine.catalogue.get(namespace) ?? engine.catalogue.create(namespace);
}
