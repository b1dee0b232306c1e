/**
 * Gives a Reply to the person who asked: as the answer of the interaction while its token lives, else by bot token, so
 * that no answer is lost. Personal replies are shown to that person only.
 *
 * An interaction is acknowledged before anything is done, so whether its answer is for all must be said before it is
 * known. Commands are acknowledged publicly; a personal answer takes the public placeholder away and follows
 * as a message that only the person sees. The other way round the placeholder could not become public.
 */
import { type APIInteraction, type APIMessage, MessageFlags, Routes } from 'discord.js';
import type { ChatDesk, ChatGateway } from '../../core/chat.ts';
import { type Clock, SECOND, sleep } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import type { Reply } from '../../core/reply.ts';
import type { MessageReference } from '../../core/words.ts';
import { facts, isRefused, isSpent } from './errors.ts';
import { identityOf, type Place, personOf } from './place.ts';
import { render } from './render.ts';
import type { DiscordRest } from './rest.ts';

/** After these the answer goes by bot token instead. */
const PAUSES: readonly number[] = [1 * SECOND, 4 * SECOND, 10 * SECOND];

export interface Answering {
  readonly interaction: APIInteraction;
  readonly place: Place;
  /** `reply`: a placeholder waits to be filled. `update`: the message under the button may be redrawn. */
  readonly mode: 'reply' | 'update';
  /** Whether only this person sees the placeholder, or the message under the button. */
  readonly ephemeral: boolean;
  /** The message under the button. */
  readonly messageId?: string;
  readonly signal: AbortSignal;
}

export interface Answers {
  deliver(answering: Answering, reply: Reply): Promise<void>;
  /** Fills the placeholder for the time being. Failures are logged only: the answer itself follows. */
  progress(answering: Answering, words: string): Promise<void>;
}

interface AnswersOptions {
  rest: DiscordRest;
  gateway: ChatGateway;
  desk: ChatDesk;
  clock: Clock;
  log: Logger;
}

export function createAnswers({ rest, gateway, desk, clock, log }: AnswersOptions): Answers {
  const original = ({ interaction }: Answering) =>
    Routes.webhookMessage(interaction.application_id, interaction.token, '@original');

  async function redraw(answering: Answering, reply: Reply, notes: readonly string[]): Promise<string> {
    const body = render(reply, notes);
    const message = await patiently(answering, () =>
      rest.webhook.patch(original(answering), { body, auth: false }),
    );
    return (message as APIMessage).id;
  }

  async function follow(answering: Answering, reply: Reply): Promise<void> {
    const { interaction, place } = answering;
    const body = render(reply);
    const flags = place.direct ? body.flags : body.flags | MessageFlags.Ephemeral;
    const route = Routes.webhook(interaction.application_id, interaction.token);
    await patiently(answering, () => rest.webhook.post(route, { body: { ...body, flags }, auth: false }));
  }

  async function removePlaceholder(answering: Answering): Promise<void> {
    await patiently(answering, () => rest.webhook.delete(original(answering), { auth: false })).catch(
      (error: unknown) => {
        // Somebody has deleted it: what was wanted.
        if (!isSpent(error)) throw error;
      },
    );
  }

  async function patiently<Value>({ signal }: Answering, call: () => Promise<Value>): Promise<Value> {
    for (const pause of PAUSES) {
      try {
        return await call();
      } catch (error) {
        if (isSpent(error) || isRefused(error) || signal.aborted) throw error;
        log.debug(facts(error), 'Discord did not take an answer; trying again');
        await sleep(clock, pause, signal);
      }
    }
    return call();
  }

  async function byToken(answering: Answering, reply: Reply): Promise<void> {
    const { interaction, place } = answering;
    const person = identityOf(personOf(interaction).id);
    const message = await gateway.send({ conversation: place.conversation, person }, reply, interaction.id);
    await cardStands(reply, message);
  }

  async function cardStands(reply: Reply, message: MessageReference): Promise<void> {
    if (reply.card === undefined) return;
    try {
      await desk.cardPlaced(reply.card, message);
    } catch (error) {
      // The person has the answer; sending it once more would help nobody.
      log.error({ post: reply.card, err: error }, 'The place of a card could not be kept');
    }
  }

  /** A card must last and be editable by the bot, which a message that one person sees is not. */
  async function placeCardApart(answering: Answering, reply: Reply): Promise<void> {
    const { place } = answering;
    try {
      await byToken(answering, { ...reply, personal: false });
    } catch (error) {
      log.warn({ ...facts(error), post: reply.card }, 'Discord takes no lasting card for a post');
      const note =
        'I could not write to you directly, so I cannot tell you the outcome here. Allow direct messages from me, or look with the commands.';
      await redraw(answering, reply, [note]);
      return;
    }
    const note = place.mayPost
      ? 'The card of the post stands in this channel.'
      : 'I may not write in this channel: the card of the post and its outcome come to you as direct messages.';
    await redraw(answering, { ...reply, buttons: [] }, [note]);
  }

  async function deliverByInteraction(answering: Answering, reply: Reply): Promise<void> {
    const { place, mode, ephemeral } = answering;
    if (isAside(answering, reply)) return follow(answering, reply);
    if (mode === 'reply' && reply.personal && !ephemeral && !place.direct) {
      // While the placeholder stands, Discord would fill it with the follow-up, in public.
      await removePlaceholder(answering);
      return follow(answering, reply);
    }
    if (reply.card !== undefined && (ephemeral || !place.mayPost)) return placeCardApart(answering, reply);
    const messageId = await redraw(answering, reply, []);
    await cardStands(reply, { conversation: place.conversation, messageId });
  }

  return {
    async deliver(answering, reply) {
      try {
        await deliverByInteraction(answering, reply);
      } catch (error) {
        log.warn(
          { interaction: answering.interaction.id, ...facts(error) },
          'Discord answer goes by bot token',
        );
        await byToken(answering, isForOne(answering, reply) ? { ...reply, personal: true } : reply);
      }
    },

    async progress(answering, words) {
      // A message under a button is not ours to fill with passing words.
      if (answering.mode !== 'reply') return;
      const reply: Reply = { tone: 'info', blocks: [{ kind: 'text', line: [words] }] };
      try {
        await rest.webhook.patch(original(answering), { body: render(reply), auth: false });
      } catch (error) {
        log.debug(facts(error), 'Discord did not take a line of progress');
      }
    },
  };
}

/** Whether others would not have seen the reply by the way of the interaction. A card is for all in any case. */
function isForOne(answering: Answering, reply: Reply): boolean {
  return isAside(answering, reply) || (answering.ephemeral && reply.card === undefined);
}

/** Whether a reply to a button is shown beside the message under it, which stays as it was with all its buttons. */
function isAside({ mode, ephemeral, place }: Answering, reply: Reply): boolean {
  if (mode === 'reply') return false;
  return reply.tone === 'error' || (reply.personal === true && !ephemeral && !place.direct);
}
