// The driver that the cases run with: the project's own, or the one in the folder that CONFORMANCE_DRIVER names (another version).
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

type Driver = typeof import('mongodb');

const require = createRequire(import.meta.url);
const folder = process.env.CONFORMANCE_DRIVER;

export const driver = require(folder === undefined ? 'mongodb' : resolve(folder)) as Driver;

const { EJSON } = driver.BSON;

/** Extended JSON into values as the driver itself gives them: integers are numbers. */
export const parse = (text: string): unknown => EJSON.parse(text, { relaxed: true });
/** One text for one value, field order included. */
export const textOf = (value: unknown): string => EJSON.stringify(value, { relaxed: true });
