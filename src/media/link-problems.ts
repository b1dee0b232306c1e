/** What can go wrong with a link, in words: what was found, and what the person can do. */
import { CarillonError, failure } from '../core/errors.ts';
import { linkLabel } from '../core/media-label.ts';
import { describeDuration } from '../core/quantities.ts';

const ATTACH = 'Attach the file itself, or give another link.';
const TRY_AGAIN = 'Try again in a while, or attach the file itself.';

export function linkRefused(message: string): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_LINK_REFUSED',
    message,
    hint: 'Give the address of the picture or video itself, such as https://example.com/picture.jpg, or attach the file.',
  });
}

export function webPage(url: URL): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREADABLE',
    message: `${linkLabel(url.href)} is a web page (HTML), not a picture or video.`,
    hint: 'Open the page, copy the address of the picture itself (it often ends in .jpg or .png), or attach the file.',
    context: { host: url.host },
  });
}

export function compressed(url: URL, encoding: string): CarillonError {
  return unreachable(
    url,
    `sends its answer compressed (${encoding.slice(0, 20)}) although it was asked not to`,
    ATTACH,
  );
}

export function tooSlow(url: URL, milliseconds: number): CarillonError {
  return unreachable(url, `was not complete after ${describeDuration(milliseconds)}`, ATTACH);
}

export function redirectLoop(url: URL): CarillonError {
  return unreachable(url, 'redirects in a circle', ATTACH);
}

export function tooManyRedirects(url: URL, most: number): CarillonError {
  return unreachable(
    url,
    `redirects more than ${most} times`,
    'Give the address that the browser shows at the end.',
  );
}

export function lostRedirect(url: URL): CarillonError {
  return unreachable(url, 'redirects without saying where to', ATTACH);
}

/** An answer that is no success, by what its status means to the person. */
export function refusedStatus(url: URL, status: number): CarillonError {
  if (status === 401 || status === 407)
    return unreachable(
      url,
      `asks for a login (${status})`,
      'Attach the file, or give a link that works without one.',
    );
  if (status === 403 || status === 451) return unreachable(url, `may not be fetched (${status})`, ATTACH);
  if (status === 404 || status === 410)
    return unreachable(
      url,
      `is not there (${status})`,
      'Check the link; links copied from chats often expire.',
    );
  if (status === 429) return unreachable(url, 'asks to slow down (429)', TRY_AGAIN);
  if (status >= 500) return unreachable(url, `has trouble on its side (${status})`, TRY_AGAIN);
  return unreachable(url, `answered with status ${status} instead of a file`, ATTACH);
}

/** Why there is no answer, by the error's code. */
const CONNECTION: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOTFOUND: ['has a name that does not exist', 'Check the spelling of the address.'],
  EAI_AGAIN: ['has a name that could not be looked up right now', TRY_AGAIN],
  ECONNREFUSED: ['does not accept connections', 'Check the link, or attach the file itself.'],
  EHOSTUNREACH: ['is not reachable', TRY_AGAIN],
  ENETUNREACH: ['is not reachable', TRY_AGAIN],
  ETIMEDOUT: ['does not answer', TRY_AGAIN],
  ANSWER_TIMEOUT: ['sent no answer in time', TRY_AGAIN],
  IDLE_TIMEOUT: ['stopped sending in the middle of the file', TRY_AGAIN],
  NO_ANSWER: ['does not answer like a web server', ATTACH],
  ECONNRESET: ['broke off in the middle', TRY_AGAIN],
  EPIPE: ['broke off in the middle', TRY_AGAIN],
};

/** An error of the connection in words. Ours, and the reason of an abort, pass unchanged. */
export function translate(error: unknown, url: URL, signal: AbortSignal): Error {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason;
  if (error instanceof CarillonError) return error;
  const code = codeOf(error);
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return unreachable(url, `has a certificate that cannot be trusted (${code})`, ATTACH, error);
  }
  if (code.startsWith('HPE_')) return unreachable(url, 'does not answer like a web server', ATTACH, error);
  const [what, hint] = CONNECTION[code] ?? [
    `could not be fetched${code === '' ? '' : ` (${code})`}`,
    TRY_AGAIN,
  ];
  return unreachable(url, what, hint, error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function unreachable(url: URL, what: string, hint: string, cause?: unknown): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREACHABLE',
    message: `${linkLabel(url.href)} ${what}.`,
    hint,
    context: { host: url.host },
    ...(cause === undefined ? {} : { cause }),
  });
}
