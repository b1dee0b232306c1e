// Empty timestamps of documents that are stored: MongoDB puts the time in their place.
// https://www.mongodb.com/docs/v7.0/reference/bson-types/#timestamps
import { Timestamp } from 'bson';
import type { Document } from './bson/types.ts';

let lastSecond = 0;
let increment = 0;

/** A timestamp after every one that was given before. */
function nextTimestamp(): Timestamp {
  const second = Math.max(Math.floor(Date.now() / 1000), lastSecond);
  increment = second === lastSecond ? increment + 1 : 1;
  lastSecond = second;
  return new Timestamp({ t: second, i: increment });
}

/** Fields of the top level that hold Timestamp(0, 0), `_id` apart, get the time. The given document is not changed. */
export function fillTimestamps(document: Document): Document {
  let filled: Document | undefined;
  for (const name of Object.keys(document)) {
    const value = document[name];
    if (!(value instanceof Timestamp) || !value.isZero() || name === '_id') continue;
    filled ??= { ...document };
    filled[name] = nextTimestamp();
  }
  return filled ?? document;
}
