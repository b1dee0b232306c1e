/**
 * The codes that both networks of Meta share, as rows; what is special to one network stands in its own folder, before these.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
import type { MetaFacts } from './failure.ts';
import type { ErrorRow, Meaning, MetaNetwork } from './network.ts';
import type { MetaProblem } from './problem.ts';

const LOG_IN = 'Log in on facebook.com as the person who made the token';

const COMMON: readonly ErrorRow[] = [
  // Why a token is refused: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging
  {
    code: 190,
    subcode: 458,
    means: 'token',
    hint: 'The person has removed the app: let them log in to it again, and make a new token.',
  },
  {
    code: 190,
    subcode: 459,
    means: 'token',
    hint: `${LOG_IN}, pass the check that it shows, then make a new token.`,
  },
  {
    code: 190,
    subcode: 460,
    means: 'token',
    hint: 'The password was changed, which ends every token: make a new one.',
  },
  {
    code: 190,
    subcode: 463,
    means: 'expired token',
    hint: 'The token has ended by its age: make a new one.',
  },
  {
    code: 190,
    subcode: 464,
    means: 'token',
    hint: `${LOG_IN} and confirm the account, then make a new token.`,
  },
  { code: 190, subcode: 467, means: 'token', hint: 'The token is not valid any more: make a new one.' },
  {
    code: 190,
    subcode: 492,
    means: 'token',
    hint: 'The person has no role on the page any more: give it back, or make a token as somebody who has one.',
  },
  { code: 190, means: 'token' },
  { code: 102, means: 'token' },
  { code: 100, subcode: 33, means: 'gone' },
  { code: 1, means: 'transient' },
  { code: 2, means: 'transient' },
  { code: 6001, means: 'transient' },
  { code: 4, means: 'rate limit' },
  { code: 17, means: 'rate limit' },
  { code: 32, means: 'rate limit' },
  { code: 341, means: 'rate limit' },
  { code: 613, means: 'rate limit' },
  { code: 80001, means: 'rate limit' },
  { code: 80002, means: 'rate limit' },
  { code: 3, means: 'permission' },
  { code: 10, means: 'permission' },
  { code: [200, 299], means: 'permission' },
  { code: 368, means: 'blocked' },
  { code: 506, means: 'duplicate' },
  { code: 324, means: 'media' },
  { code: 382, means: 'media' },
  { code: 389, means: 'unreachable media' },
  { code: 6000, means: 'media' },
  {
    code: 1609005,
    means: 'content',
    hint: 'Facebook cannot open the link: correct it with /edit, then /retry.',
  },
  { code: 100, means: 'content' },
];

/** The upload hosts speak in words instead of codes. */
const UPLOAD_TYPES: Readonly<Record<string, Meaning>> = {
  OffsetInvalidError: 'transient',
  PartialRequestError: 'transient',
  ProcessingFailedError: 'media',
};

/** The row that a refusal belongs to: by its subcode, then by its code, then by Meta's word that it is transient. */
export function rowOf(facts: MetaFacts, { errors }: MetaNetwork): ErrorRow | undefined {
  const { problem, status = 0 } = facts;
  if (problem?.upload) return uploadRow(problem.upload);
  const rows = [...errors, ...COMMON];
  const bySubcode =
    problem?.subcode === undefined
      ? undefined
      : rows.find(
          (row) => row.subcode === problem.subcode && (row.code === undefined || hasCode(row, problem)),
        );
  const row =
    bySubcode ?? rows.find((each) => each.subcode === undefined && problem && hasCode(each, problem));
  // Limits and tokens keep their meaning whatever the status is; for the rest Meta's own word decides.
  const isTrouble = problem?.isTransient === true || status >= 500;
  if (isTrouble && !(row && ALWAYS.has(row.means))) return { means: 'transient' };
  return row;
}

const ALWAYS: ReadonlySet<Meaning> = new Set([
  'rate limit',
  'quota',
  'token',
  'expired token',
  'permission',
  'blocked',
  'duplicate',
]);

/** The row of an Instagram container's `status`, which holds a subcode. */
export function rowOfSubcode(subcode: number, { errors }: MetaNetwork): ErrorRow | undefined {
  return errors.find((row) => row.subcode === subcode);
}

function uploadRow({ type, isRetriable }: NonNullable<MetaProblem['upload']>): ErrorRow {
  return { means: isRetriable ? 'transient' : (UPLOAD_TYPES[type] ?? 'media') };
}

function hasCode({ code }: ErrorRow, problem: MetaProblem): boolean {
  if (typeof code === 'number' || code === undefined) return code === problem.code;
  return problem.code !== undefined && problem.code >= code[0] && problem.code <= code[1];
}
