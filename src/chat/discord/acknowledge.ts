/**
 * The first answer to an interaction, which Discord wants within 3 seconds and takes once. Nothing is done before it is
 * taken: a person who reads "the application did not respond" does it again, and must find that it was not done.
 */
import {
  type APIInteraction,
  type APIInteractionResponse,
  DiscordAPIError,
  RateLimitError,
  RESTJSONErrorCodes,
  type RESTPostAPIInteractionCallbackWithResponseResult,
  Routes,
} from 'discord.js';
import { type Clock, SECOND, sleep } from '../../core/clock.ts';
import { isDiscordError } from './errors.ts';
import type { DiscordRest } from './rest.ts';

/** https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction */
const ACKNOWLEDGE_WITHIN = 3 * SECOND;
const PAUSE_BETWEEN_TRIES = 0.1 * SECOND;

export type Acknowledged =
  /** Discord took it; `messageId` is the message that it made, where it made one. */
  | { readonly state: 'taken'; readonly messageId?: string }
  /** Too late (10062): nobody sees an answer any more. */
  | { readonly state: 'late' }
  /** Another process with the same token has answered already (40060). */
  | { readonly state: 'elsewhere' };

/**
 * Gives `response` to Discord, again while its answers are lost and time is left. After a lost answer "already
 * acknowledged" means that the lost one had worked; at the first try it means that somebody else was there. Errors:
 * Discord's own, when it refuses the form.
 */
export async function acknowledge(
  interaction: APIInteraction,
  response: APIInteractionResponse,
  { rest, clock, receivedAt }: { rest: DiscordRest; clock: Clock; receivedAt: Date },
): Promise<Acknowledged> {
  const route = Routes.interactionCallback(interaction.id, interaction.token);
  const query = new URLSearchParams({ with_response: 'true' });
  let answerLost = false;
  while (clock.now().getTime() - receivedAt.getTime() < ACKNOWLEDGE_WITHIN) {
    try {
      const given = await rest.once.post(route, { body: response, query, auth: false });
      const made = (given as RESTPostAPIInteractionCallbackWithResponseResult | undefined)?.interaction;
      return {
        state: 'taken',
        ...(made?.response_message_id ? { messageId: made.response_message_id } : {}),
      };
    } catch (error) {
      if (isDiscordError(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) {
        return { state: answerLost ? 'taken' : 'elsewhere' };
      }
      if (isDiscordError(error, RESTJSONErrorCodes.UnknownInteraction)) return { state: 'late' };
      if (error instanceof DiscordAPIError) throw error;
      // The wait would be longer than Discord's own patience.
      if (error instanceof RateLimitError) return { state: 'late' };
      answerLost = true;
      await sleep(clock, PAUSE_BETWEEN_TRIES);
    }
  }
  // It is not known whether the last try arrived. Doing nothing is the side on which a post cannot be made twice.
  return { state: 'late' };
}
