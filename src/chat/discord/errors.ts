/**
 * Discord's errors in our words. Decisions read the JSON error code, never the sentence
 * (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
 */
import { RESTJSONErrorCodes as Code, DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { CarillonError, failure } from '../../core/errors.ts';

const HTTP_BAD_REQUEST = 400;
const HTTP_FORBIDDEN = 403;
const HTTP_NOT_FOUND = 404;

/** The message, webhook or token of an interaction is gone: nothing sent by this way can arrive any more. */
const SPENT: ReadonlySet<number | string> = new Set([
  Code.UnknownMessage,
  Code.UnknownWebhook,
  Code.UnknownInteraction,
  Code.InvalidWebhookToken,
  Code.UnknownChannel,
  Code.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages,
]);

/** The route is dead: a channel that is gone or closed to the bot, a person who does not want its messages. */
const UNREACHABLE: ReadonlySet<number | string> = new Set([
  Code.CannotExecuteActionOnDMChannel,
  Code.CannotSendMessagesInNonTextChannel,
  Code.InvalidRecipients,
  Code.InvalidActionOnArchivedThread,
  Code.ThreadLocked,
  Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
]);

/** Whether Discord answered with this JSON error code. */
export function isDiscordError(error: unknown, code: Code): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}

/** Whether an interaction's token, or the message it would change, is gone for good. */
export function isSpent(error: unknown): boolean {
  return error instanceof DiscordAPIError && SPENT.has(error.code);
}

/** Whether the channel, and not the message, is what Discord refuses. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  // 403 and 404 are refusals of the route whatever their code: missing access, blocked, deleted.
  return UNREACHABLE.has(error.code) || error.status === HTTP_FORBIDDEN || error.status === HTTP_NOT_FOUND;
}

/** Whether Discord understood the request and refused its form, so that the same request can never succeed. */
export function isRefused(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === HTTP_BAD_REQUEST && !isUnreachable(error);
}

/** Any failure of a send or an edit: CHAT_UNREACHABLE (dead route), CHAT_UNAVAILABLE (try later) or BUG (refused form). */
export function chatError(error: unknown, channel: string): CarillonError {
  if (error instanceof CarillonError) return error;
  const said = sentence(error);
  const details = {
    cause: error,
    context: { channel, ...(error instanceof DiscordAPIError ? facts(error) : {}) },
  };
  if (isUnreachable(error)) {
    return failure('PermissionMissing', {
      code: 'CHAT_UNREACHABLE',
      message: `Discord refuses the bot's message in channel ${channel}: ${said}.`,
      hint: 'Invite the bot to that server and give it "View Channel" and "Send Messages" there, or allow its direct messages.',
      ...details,
    });
  }
  if (isRefused(error)) {
    return failure('Bug', {
      code: 'BUG',
      message: `Discord refuses the form of a message: ${said}.`,
      hint: 'The log has the details; please report it.',
      ...details,
    });
  }
  return failure('PlatformUnavailable', {
    code: 'CHAT_UNAVAILABLE',
    message: `Discord does not take the message now: ${said}.`,
    hint: 'Nothing to do: the message is kept and sent again later.',
    ...details,
  });
}

/**
 * What is worth logging of a failure. The library's own errors are taken apart on purpose: they hold the address and
 * the body of the request, and so an interaction's token and people's words.
 */
export function facts(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof DiscordAPIError)
    return { discordCode: error.code, status: error.status, said: error.message };
  if (error instanceof HTTPError) return { status: error.status, said: error.message };
  if (error instanceof RateLimitError) return { route: error.route, waitMs: error.retryAfter };
  if (error instanceof CarillonError) return { code: error.code, said: error.message, ...error.context };
  return { said: sentence(error), err: error };
}

function sentence(error: unknown): string {
  // The library's rate-limit error has no message of its own.
  if (error instanceof RateLimitError)
    return `rate limit, free again in ${Math.ceil(error.retryAfter / 1000)} s`;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\.$/, '');
}
