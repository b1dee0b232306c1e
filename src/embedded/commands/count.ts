// count and distinct.

import { encode } from '../codec.ts';
import {
  type Command,
  documentField,
  missingField,
  namespaceOf,
  numberField,
  stringField,
} from '../command.ts';
import { MongoError } from '../errors.ts';
import { distinctValuesAtPath, encodeValue } from '../order.ts';
import { startQuery } from '../query.ts';
import { MAX_DOCUMENT_BYTES } from '../wire.ts';
import { countMatches } from './aggregate.ts';
import { collationFrom } from './query-options.ts';

export const COUNT_FIELDS = ['query', 'limit', 'skip', 'hint', 'collation', 'fields'];

export const count: Command = {
  name: 'count',
  fields: COUNT_FIELDS,
  run(request) {
    const collection = request.engine.catalogue.get(namespaceOf(request));
    const n = countMatches(request, collection, {
      filter: documentField(request, 'query') ?? {},
      skip: numberField(request, 'skip'),
      // A negative limit counts as a positive one, from the time when it closed the cursor.
      limit: Math.abs(numberField(request, 'limit', Number.NEGATIVE_INFINITY) ?? 0),
      collation: collationFrom(documentField(request, 'collation'), collection),
      hint: request.command.hint,
      deadline: request.deadline,
    });
    return { n };
  },
};

export const DISTINCT_FIELDS = ['key', 'query', 'collation', 'hint'];

export const distinct: Command = {
  name: 'distinct',
  fields: DISTINCT_FIELDS,
  run(request) {
    const path = stringField(request, 'key');
    if (path === undefined) throw missingField('distinct.key');
    if (path === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
    const collection = request.engine.catalogue.get(namespaceOf(request));
    const collation = collationFrom(documentField(request, 'collation'), collection);
    const query = {
      filter: documentField(request, 'query') ?? {},
      collation,
      hint: request.command.hint,
      deadline: request.deadline,
    };
    const running = startQuery(request.engine, collection, query);
    const values = new Map<string, unknown>();
    for (let stored = running.next(); stored; stored = running.next()) {
      for (const value of distinctValuesAtPath(stored.document, path)) {
        const key = encodeValue(value, collation).toString('latin1');
        if (!values.has(key)) values.set(key, value);
      }
    }
    running.suspend();
    const reply = { values: [...values.values()] };
    if (encode(reply).length > MAX_DOCUMENT_BYTES) throw new MongoError(17217, 'distinct too big, 16mb cap');
    return reply;
  },
};
