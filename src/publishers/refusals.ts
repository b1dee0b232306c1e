/** What refusals of every network have in common: each translator tells the same things in the same words, in its network's name. */
import type { ErrorCode } from '../core/error-codes.ts';
import { CarillonError, failure } from '../core/errors.ts';
import type { CallFailure, Said } from './failure.ts';
import { contextOf, effectOf, hintAfter, type Step, sentence } from './wording.ts';

/** How a network is spoken of. */
interface Voice {
  readonly network: string;
  readonly label: string;
  /** Its own address; `NETWORK_API_URL` stands for another one. */
  readonly origin: string;
  /** The creating call, such as "published the post". */
  readonly created: string;
  /** Where a person sees what was created. */
  readonly seen: string;
}

export interface Refusals {
  /** Every message ends with the network's own sentence, so that a person can look it up. */
  make(kind: Parameters<typeof failure>[0], code: ErrorCode, message: string, hint: string): CarillonError;
  /** No answer, an unusable one, or one that says nothing about what was done. */
  withoutAnswer(): CarillonError;
  /** Nothing was published; it is tried again by itself. */
  notNow(message: string): CarillonError;
  /** A gateway or a wrong address: what was sent has not come through to the network. */
  refusedInFront(status: number): CarillonError;
  /** The refused call proves that nothing was made; with the new access it may go out at once, as a new try. */
  renewed(now: Date): CarillonError;
  refusedMedia(): CarillonError;
}

export function refusalsOf(voice: Voice, error: CallFailure<Said>, step: Step): Refusals {
  const { label } = voice;
  const variable = `${voice.network.toUpperCase()}_API_URL`;
  const details = (code: ErrorCode, message: string, hint: string) => ({
    code,
    message: sentence(message, error),
    hint: hintAfter(step, hint),
    cause: error,
    context: contextOf(voice.network, error, step),
  });
  const make: Refusals['make'] = (kind, code, message, hint) => failure(kind, details(code, message, hint));
  const notNow = (message: string): CarillonError =>
    make(
      'PlatformUnavailable',
      'PLATFORM_UNAVAILABLE',
      message,
      'It is tried again by itself, each time later.',
    );
  return {
    make,
    notNow,
    withoutAnswer() {
      const { sent } = error.facts;
      if (step === 'create' && sent) {
        return make(
          'OutcomeUnknown',
          'OUTCOME_UNKNOWN',
          `${label} did not say whether it ${voice.created}`,
          `Nothing to do: it is looked up before anything is sent again. ${voice.seen}`,
        );
      }
      const what = sent ? `${label} does not answer as it should` : `${label} cannot be reached`;
      return notNow(`${what}${effectOf(step, sent)}`);
    },
    refusedInFront(status) {
      if (status !== 404) {
        return make(
          'PlatformUnavailable',
          'PLATFORM_UNAVAILABLE',
          `Something in front of ${label} refuses (HTTP ${status}); nothing was published`,
          `It is tried again by itself, each time later. If it goes on, look at ${variable} and at proxies.`,
        );
      }
      return make(
        'ConfigError',
        'CONFIG_INVALID',
        `There is no API of ${label} at this address`,
        `Check ${variable}, or unset it to use ${voice.origin}.`,
      );
    },
    renewed: (now) =>
      new CarillonError(
        'AuthExpired',
        details(
          'AUTH_EXPIRED',
          `The access to ${label} had run out and was renewed; nothing was published yet`,
          'Nothing to do: it goes on at once.',
        ),
        { do: 'at', at: now },
      ),
    refusedMedia: () =>
      make(
        'MediaRejected',
        'MEDIA_REJECTED',
        `${label} refused the media`,
        'Attach another file with /edit, then /retry.',
      ),
  };
}
