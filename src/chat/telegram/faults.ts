/**
 * Translates what goes wrong between us and the Bot API into the product's errors. Neither grammY's errors nor their
 * causes are kept: an HttpError carries the request's address, and that holds the bot's token.
 */
import { GrammyError, HttpError } from 'grammy';
import { after, SECOND } from '../../core/clock.ts';
import { asCarillonError, type CarillonError, failure, rateLimited } from '../../core/errors.ts';

const TOKEN_VARIABLE = 'TELEGRAM_TOKEN';

/** 401 for a token that was revoked, 404 for one that is malformed (the token is a part of the path). */
export function isTokenRefusal(error: unknown): boolean {
  return error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404);
}

/** Two programs ask for the updates of one bot (https://core.telegram.org/bots/api#getupdates). */
export function isConflict(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 409;
}

export function isBadRequest(error: unknown): error is GrammyError {
  return error instanceof GrammyError && error.error_code === 400;
}

/** The group became a supergroup; its new id (https://core.telegram.org/bots/api#responseparameters). */
export function migratedTo(error: unknown): number | undefined {
  return error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
}

/**
 * An edit that changes nothing is answered with 400. The Bot API documents no code of its own for it and sends no
 * parameter, so the description is all there is to tell it from a real refusal; should the sentence ever change, an
 * unchanged card is reported as unreachable, which is loud and loses nothing.
 */
export function isNotModified(error: unknown): boolean {
  return isBadRequest(error) && error.description.includes('message is not modified');
}

/** The bot's token was refused: names the variable and the remedy, never the token. */
export function tokenRefused(): CarillonError {
  return failure('ConfigError', {
    code: 'TOKEN_REFUSED',
    message: `Telegram refused the bot token in ${TOKEN_VARIABLE}.`,
    hint: `Ask @BotFather for the token with /token (it looks like 123456789:AbC…) and set ${TOKEN_VARIABLE} to it.`,
  });
}

/** Telegram takes no such webhook: an address without https or that is not public, or a secret with other characters. */
export function webhookRefused(url: string, description: string): CarillonError {
  return failure('ConfigError', {
    code: 'CONFIG_INVALID',
    message: `Telegram does not take the webhook address ${url}: ${description}.`,
    hint: 'Set PUBLIC_URL to a public https address and TELEGRAM_WEBHOOK_SECRET to 1-256 of A-Z a-z 0-9 _ -; or unset the secret to have the bot ask for updates itself.',
  });
}

/**
 * What an error of a call means for whoever waits for it. Possible: TOKEN_REFUSED, CHAT_UNREACHABLE (403, and every 400:
 * sending the same again cannot help), CHAT_UNAVAILABLE (later; at the instant named when there is one), BUG.
 */
export function translate(error: unknown, now: Date): CarillonError {
  if (error instanceof HttpError) {
    return failure('PlatformUnavailable', {
      code: 'CHAT_UNAVAILABLE',
      message: 'Telegram could not be reached.',
      hint: 'It is tried again by itself. If it lasts, check the network and TELEGRAM_API_URL.',
      context: { reason: causeCode(error.error) },
    });
  }
  if (!(error instanceof GrammyError)) return asCarillonError(error);
  const context = { method: error.method, status: error.error_code, description: error.description };
  if (error.error_code === 401) return tokenRefused();
  if (error.error_code === 429) {
    const seconds = error.parameters.retry_after ?? 1;
    return rateLimited(after(now, seconds * SECOND), {
      code: 'CHAT_UNAVAILABLE',
      message: `Telegram asks to wait ${seconds} seconds.`,
      hint: 'It is tried again by itself.',
      context,
    });
  }
  if (error.error_code === 400 || error.error_code === 403) {
    return failure('PermissionMissing', {
      code: 'CHAT_UNREACHABLE',
      message: `Telegram refuses it: ${error.description}.`,
      hint: 'Unblock the bot or add it to the chat again, with the right to write.',
      context,
    });
  }
  return failure('PlatformUnavailable', {
    code: 'CHAT_UNAVAILABLE',
    message: `Telegram answered with error ${error.error_code}.`,
    hint: 'It is tried again by itself.',
    context,
  });
}

/** The system's code of a network failure (`ECONNRESET`), or the class of the error; its message may hold the token. */
function causeCode(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown';
}
