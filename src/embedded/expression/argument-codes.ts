// biome-ignore-all lint/suspicious/noThenProperty: a branch of $switch has a field of that name.
/**
 * The codes with which operators and stages refuse named arguments: each has numbers of its own.
 * Source: the files of each operator in https://github.com/mongodb/mongo/tree/v7.0/src/mongo/db/pipeline
 */
export interface ArgumentCodes {
  /** No document. */
  readonly shape: number;
  /** An argument that it does not know. */
  readonly unknown: number;
  /** One that must be there and is not: one code for all of them, or one for each. */
  readonly missing: number | Readonly<Record<string, number>>;
}

/** Of those that name no numbers of their own. */
export const USUAL_CODES: ArgumentCodes = { shape: 40414, unknown: 40415, missing: 40416 };

const FAILED_TO_PARSE: ArgumentCodes = { shape: 9, unknown: 9, missing: 9 };
const READ_BY_IDL: ArgumentCodes = { shape: 40272, unknown: 40415, missing: 40414 };
const TRIM: ArgumentCodes = { shape: 50696, unknown: 50694, missing: 50695 };
const REPLACE: ArgumentCodes = {
  shape: 51751,
  unknown: 51750,
  missing: { input: 51749, find: 51748, replacement: 51747 },
};
const REGEX: ArgumentCodes = { shape: 51103, unknown: 31024, missing: { input: 31022, regex: 31023 } };
const SHIFT: ArgumentCodes = { shape: 5166400, unknown: 5166401, missing: 5166402 };
const FIRST_OR_LAST: ArgumentCodes = {
  shape: 5787801,
  unknown: 5787901,
  missing: { n: 5787906, input: 5787907 },
};
const LEAST_OR_GREATEST: ArgumentCodes = { ...FIRST_OR_LAST, shape: 5787900 };
const RANKED: ArgumentCodes = {
  shape: 5788001,
  unknown: 5788002,
  missing: { n: 5788003, output: 5788004, sortBy: 5788005 },
};

export const ARGUMENT_CODES: Readonly<Record<string, ArgumentCodes>> = {
  $trim: TRIM,
  $ltrim: TRIM,
  $rtrim: TRIM,
  $replaceOne: REPLACE,
  $replaceAll: REPLACE,
  $regexMatch: REGEX,
  $regexFind: REGEX,
  $regexFindAll: REGEX,
  $map: { shape: 16878, unknown: 16879, missing: { input: 16880, in: 16882 } },
  $filter: { shape: 28646, unknown: 28647, missing: { input: 28648, cond: 28650 } },
  $reduce: { shape: 40075, unknown: 40076, missing: { input: 40077, initialValue: 40078, in: 40079 } },
  $zip: { shape: 34460, unknown: 34464, missing: 34465 },
  $sortArray: { shape: 2942500, unknown: 2942501, missing: { input: 2942502, sortBy: 2942503 } },
  $switch: { shape: 40060, unknown: 40067, missing: 40068 },
  '$switch branch': { shape: 40062, unknown: 40063, missing: { case: 40064, then: 40065 } },
  $let: { shape: 16874, unknown: 16875, missing: { vars: 16876, in: 16877 } },
  $convert: FAILED_TO_PARSE,
  $dateToString: { shape: 18629, unknown: 18534, missing: 18628 },
  $dateFromString: { shape: 40540, unknown: 40541, missing: 40542 },
  $dateToParts: { shape: 40524, unknown: 40520, missing: 40522 },
  $dateFromParts: { shape: 40519, unknown: 40518, missing: 40516 },
  $dateAdd: SHIFT,
  $dateSubtract: SHIFT,
  $dateDiff: {
    shape: 5166301,
    unknown: 5166302,
    missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 },
  },
  $dateTrunc: { shape: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } },
  $firstN: FIRST_OR_LAST,
  $lastN: FIRST_OR_LAST,
  $minN: LEAST_OR_GREATEST,
  $maxN: LEAST_OR_GREATEST,
  $top: RANKED,
  $topN: RANKED,
  $bottom: RANKED,
  $bottomN: RANKED,
  $bucket: { shape: 40201, unknown: 40197, missing: 40198 },
  $bucketAuto: { shape: 40240, unknown: 40245, missing: 40246 },
  $sample: { shape: 28745, unknown: 28748, missing: 28749 },
  $replaceRoot: { ...READ_BY_IDL, shape: 40229 },
  $lookup: FAILED_TO_PARSE,
  $graphLookup: { shape: 40327, unknown: 40104, missing: 40105 },
  $unionWith: { ...READ_BY_IDL, shape: 9 },
  $out: { ...READ_BY_IDL, shape: 16990 },
  $merge: { ...READ_BY_IDL, shape: 51182 },
};
