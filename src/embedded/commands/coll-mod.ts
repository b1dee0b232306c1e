// collMod changes what can be changed without rewriting: the expiry of a TTL index, and whether an index is hidden.
import { Long } from 'bson';
import { describeValue } from '../bson/describe.ts';
import { type Document, isDocument } from '../bson/types.ts';
import {
  type Command,
  documentField,
  namespaceOf,
  refuseUnknownFields,
  toBoolean,
  toNumber,
} from '../command.ts';
import { badValue, MongoError, typeMismatch } from '../errors.ts';
import { samePattern } from '../hint.ts';
import { type CollectionInfo, type IndexInfo, isIdIndex } from '../index-info.ts';
import { REFUSED_KINDS, refuseKinds } from './collection-kinds.ts';
import { existing } from './indexes.ts';

const INDEX_FIELDS = new Set(['name', 'keyPattern', 'expireAfterSeconds', 'hidden']);

export const collMod: Command = {
  name: 'collMod',
  fields: ['index', ...Object.keys(REFUSED_KINDS), 'validationLevel', 'validationAction'],
  run(request) {
    const { engine } = request;
    const namespace = namespaceOf(request);
    refuseKinds(request.command);
    const wanted = documentField(request, 'index');
    return engine.catalogue.transaction((): Document => {
      const collection = existing(request, namespace);
      if (!wanted) return {};
      refuseUnknownFields(wanted, INDEX_FIELDS, 'collMod.index');
      const index = indexToChange(collection, wanted);
      const changed = { ...index };
      const reply = { ...changeExpiry(changed, wanted), ...changeVisibility(changed, wanted) };
      engine.catalogue.setIndexes(
        collection,
        collection.indexes.map((other) => (other === index ? changed : other)),
      );
      return reply;
    });
  },
};

function indexToChange({ indexes, namespace }: CollectionInfo, wanted: Document): IndexInfo {
  const { name, keyPattern, expireAfterSeconds, hidden } = wanted;
  if (name === undefined && !isDocument(keyPattern))
    throw new MongoError(72, 'Must specify either index name or key pattern.');
  if (name !== undefined && keyPattern !== undefined)
    throw new MongoError(72, 'Cannot specify both key pattern and name.');
  if (expireAfterSeconds === undefined && hidden === undefined)
    throw new MongoError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  const index = indexes.find((each) =>
    name === undefined ? samePattern(each.key, keyPattern) : each.name === name,
  );
  if (index) return index;
  const told = name === undefined ? describeValue(keyPattern) : String(name);
  throw new MongoError(27, `cannot find index ${told} for ns ${namespace}`);
}

function changeExpiry(index: IndexInfo, wanted: Document): Document {
  if (wanted.expireAfterSeconds === undefined) return {};
  const seconds = toNumber(wanted.expireAfterSeconds);
  if (seconds === undefined || !(seconds >= 0))
    throw badValue('expireAfterSeconds must be a number of at least 0');
  if (isIdIndex(index)) throw new MongoError(72, 'the _id field does not support TTL indexes');
  if (index.fields.length > 1)
    throw new MongoError(72, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  const before = index.expireAfterSeconds;
  index.expireAfterSeconds = seconds;
  return {
    ...(before === undefined ? {} : { expireAfterSeconds_old: Long.fromNumber(before) }),
    expireAfterSeconds_new: Long.fromNumber(seconds),
  };
}

/** Nothing is told of an index that was so already. */
function changeVisibility(index: IndexInfo, wanted: Document): Document {
  if (wanted.hidden === undefined) return {};
  if (isIdIndex(index)) throw badValue("can't hide _id index");
  const before = index.hidden;
  index.hidden = toBoolean(wanted.hidden, () => typeMismatch('hidden must be a boolean'));
  return before === index.hidden ? {} : { hidden_old: before, hidden_new: index.hidden };
}
