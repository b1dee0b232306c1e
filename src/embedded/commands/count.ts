// count and distinct.

import { encode } from '../codec.ts';
import { type Command, documentField, namespaceOf, stringField, toNumber } from '../command.ts';
import { badValue, MongoError } from '../errors.ts';
import { distinctValuesAtPath, encodeValue } from '../order.ts';
import { startQuery } from '../query.ts';
import { MAX_DOCUMENT_BYTES } from '../wire.ts';
import { countMatches } from './aggregate.ts';
import { collationFrom, variablesOf } from './query-options.ts';

export const COUNT_FIELDS = ['query', 'limit', 'skip', 'hint', 'collation', 'fields'];

export const count: Command = {
  name: 'count',
  fields: COUNT_FIELDS,
  run(request) {
    const collection = request.engine.catalogue.get(namespaceOf(request));
    const skip = toNumber(request.command.skip) ?? 0;
    if (skip < 0) throw badValue(`skip must be at least 0, found ${skip}`);
    const n = countMatches(request, collection, {
      filter: documentField(request, 'query') ?? {},
      skip,
      // A negative limit counts as a positive one, from the time when it closed the cursor.
      limit: Math.abs(toNumber(request.command.limit) ?? 0),
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
    if (path === undefined || path === '')
      throw badValue("BSON field 'distinct.key' is missing but a required field");
    const collection = request.engine.catalogue.get(namespaceOf(request));
    const collation = collationFrom(documentField(request, 'collation'), collection);
    const query = {
      filter: documentField(request, 'query') ?? {},
      collation,
      hint: request.command.hint,
      let: variablesOf(request),
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
