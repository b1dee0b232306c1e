/**
 * What a failed call to Meta means: the only place where codes become our kinds of errors. Which code means what stands in
 * codes.ts and in the tables of the two networks.
 */
import type { ErrorCode } from '../../core/error-codes.ts';
import { type CarillonError, failure } from '../../core/errors.ts';
import { effectOf, hintAfter, sentence } from '../wording.ts';
import { rowOf } from './codes.ts';
import type { MetaFacts, MetaFailure } from './failure.ts';
import { dayIsSpent, limited } from './limits.ts';
import type { ErrorRow, MetaNetwork } from './network.ts';
import { contextOf, type MetaStep } from './wording.ts';

/** The error to throw for a call that failed in a step. */
export function translate(
  error: MetaFailure,
  step: MetaStep,
  network: MetaNetwork,
  now: Date,
): CarillonError {
  const { facts } = error;
  const told: Told = { error, step, network };
  if (facts.status === undefined || (facts.problem === undefined && facts.status < 400))
    return withoutAnswer(facts, told);
  const row = rowOf(facts, network);
  if (row?.means === 'rate limit' || (!row && facts.status === 429))
    return limited(error, step, network, now);
  if (row?.means === 'quota') return dayIsSpent(error, step, network, now);
  if (row) return meant(row, told);
  return unknownRefusal(facts, told);
}

/** What the error is about: the call, the step that made it, and how the network is called. */
interface Told {
  readonly error: MetaFailure;
  readonly step: MetaStep;
  readonly network: MetaNetwork;
}

/** Every message ends with Meta's own sentence, so that a person can look it up. */
function make(
  { error, step, network }: Told,
  kind: Parameters<typeof failure>[0],
  code: ErrorCode,
  message: string,
  hint: string,
): CarillonError {
  return failure(kind, {
    code,
    message: sentence(message, error),
    hint: hintAfter(step, hint),
    cause: error,
    context: contextOf(error, step, network),
  });
}

/** No answer, an unusable one, or one that says nothing about what was done. */
function withoutAnswer(facts: Pick<MetaFacts, 'sent'>, told: Told): CarillonError {
  const { step, network } = told;
  if (step === 'create' && facts.sent) {
    return make(
      told,
      'OutcomeUnknown',
      'OUTCOME_UNKNOWN',
      `${network.label} did not say whether it published the post`,
      `Nothing to do: it is looked up before anything is sent again. Look on ${network.site} if in doubt.`,
    );
  }
  if (step === 'comment' && facts.sent) {
    return make(
      told,
      'OutcomeUnknown',
      'OUTCOME_UNKNOWN',
      `${network.label} did not say whether it wrote the comment`,
      `Look on ${network.site}, and write it by hand if it is missing.`,
    );
  }
  const what = facts.sent ? 'does not answer as it should' : 'cannot be reached';
  return later(told, `${network.label} ${what}${effectOf(step, facts.sent)}`);
}

function later(told: Told, message: string): CarillonError {
  return make(
    told,
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    message,
    'It is tried again by itself, each time later.',
  );
}

function meant({ means, hint }: ErrorRow, told: Told): CarillonError {
  const { label, variables, rights, site } = told.network;
  const newToken = `Set ${variables.token} to the new token and restart; then /retry.`;
  switch (means) {
    case 'transient':
      return withoutAnswer({ sent: true }, told);
    case 'expired token':
      return make(
        told,
        'AuthExpired',
        'AUTH_REVOKED',
        `The token for ${label} has expired`,
        `${hint ?? 'Make a new token.'} ${newToken}`,
      );
    case 'token':
      return make(
        told,
        'AuthRevoked',
        'AUTH_REVOKED',
        `${label} refuses the token`,
        `${hint ?? 'Make a new token.'} ${newToken}`,
      );
    case 'permission':
      return make(
        told,
        'PermissionMissing',
        'PERMISSION_MISSING',
        `${label} does not permit it`,
        hint ??
          `The token needs ${rights}, from a person who may create content there. Make it anew with them. ${newToken}`,
      );
    case 'blocked':
      return make(
        told,
        'PermissionMissing',
        'PERMISSION_MISSING',
        `${label} has blocked the account or takes its posts for spam`,
        hint ?? `Log in on ${site}, do what it asks there, wait a day and post more slowly; then /retry.`,
      );
    case 'duplicate':
      return make(
        told,
        'OutcomeUnknown',
        'DUPLICATE_REFUSED',
        `${label} says that the same was published just before`,
        'It is looked up whether that was this post. If not, change the words and /retry.',
      );
    case 'media':
      return refusedMedia(told, hint);
    case 'unreachable media':
      return make(
        told,
        'ConfigError',
        'CONFIG_INVALID',
        `${label} could not fetch the file`,
        hint ?? 'Check that PUBLIC_URL leads to this program from outside, over https; then /retry.',
      );
    case 'prepare anew':
      return later(told, `${label} wants the media again; nothing was published`);
    case 'not ready':
      return later(told, `${label} is not ready with the media; nothing was published`);
    case 'gone':
      return noSuchThing(told);
    default:
      return refusedContent(told, hint);
  }
}

function noSuchThing(told: Told): CarillonError {
  const { label, variables, rights } = told.network;
  return make(
    told,
    'ConfigError',
    'CONFIG_INVALID',
    `${label} knows no such thing, or the token may not see it`,
    `Check ${variables.id} and that the token has ${rights}; then /retry.`,
  );
}

/** A refusal with a code that no table has, or a page of somebody in front of Meta. */
function unknownRefusal(facts: MetaFacts, told: Told): CarillonError {
  const { label, variables } = told.network;
  const { status = 0, problem } = facts;
  if (problem?.code === undefined && status !== 413) {
    if (status === 401) return meant({ means: 'token' }, told);
    if (status === 404)
      return make(
        told,
        'ConfigError',
        'CONFIG_INVALID',
        `There is no API of ${label} at this address`,
        `Check ${variables.address}, or unset it.`,
      );
    // Gateways that gave up waiting do not know what Meta did.
    if (status === 408 || status < 400) return withoutAnswer({ sent: true }, told);
    return later(
      told,
      `Something in front of ${label} refuses (HTTP ${status})${effectOf(told.step, false)}`,
    );
  }
  if (told.step === 'media') return refusedMedia(told);
  if (told.step === 'create' || told.step === 'comment') return refusedContent(told);
  return later(told, `${label} refuses to answer`);
}

function refusedContent(told: Told, hint?: string): CarillonError {
  if (told.step !== 'create' && told.step !== 'media' && told.step !== 'comment')
    return later(told, `${told.network.label} refuses to answer`);
  return make(
    told,
    'ContentRejected',
    'CONTENT_REJECTED',
    `${told.network.label} refused the post`,
    hint ?? 'Change it with /edit, then /retry.',
  );
}

function refusedMedia(told: Told, hint?: string): CarillonError {
  return make(
    told,
    'MediaRejected',
    'MEDIA_REJECTED',
    `${told.network.label} refused the media`,
    hint ?? 'Attach another file with /edit, then /retry.',
  );
}
