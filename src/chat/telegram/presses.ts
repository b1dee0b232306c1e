/** Pressed buttons. Each press is answered, or the button would look busy for a minute on the person's screen. */
import type { CallbackQuery } from 'grammy/types';
import { after, SECOND } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { MessageReference } from '../../core/words.ts';
import { type Addressee, answer, answerInPlace } from './answers.ts';
import { type Context, callerOf } from './context.ts';
import { conversationOf } from './conversation.ts';
import { ALERT_MAX } from './limits.ts';
import { BUTTON_GONE, OFFER_GONE } from './notes.ts';
import { askQuestion } from './questions.ts';
import { plainReply } from './render.ts';
import { closeOffer, fieldsOfMessages, findOffer, offerOf, takeOver, takesMessages } from './take-over.ts';

/** Work that takes longer is not waited for: the press is answered empty, and what comes of it is a message. */
const ANSWER_WITHIN_MS = 5 * SECOND;

/** Answers a press once; what comes second is ignored. */
interface Acknowledgement {
  readonly done: boolean;
  give(alert?: string): Promise<void>;
}

export async function onPress(context: Context, query: CallbackQuery): Promise<void> {
  const acknowledgement = acknowledge(context, query);
  const cancel = context.clock.at(
    after(context.clock.now(), ANSWER_WITHIN_MS),
    () => void acknowledgement.give(),
  );
  try {
    const { message, data } = query;
    if (message === undefined || data === undefined) return await acknowledgement.give(BUTTON_GONE);
    const conversation = conversationOf(message);
    const to: Addressee = {
      conversation,
      user: query.from.id,
      replyTo: message.message_id,
      callbackQuery: query.id,
    };
    const place: MessageReference = { conversation, messageId: String(message.message_id) };
    const offered = offerOf(data);
    if (offered !== undefined) await onOffer(context, query, offered, to, place, acknowledgement);
    else await onAction(context, query, data, to, place, acknowledgement);
  } finally {
    cancel();
    await acknowledgement.give();
  }
}

async function onAction(
  context: Context,
  query: CallbackQuery,
  action: string,
  to: Addressee,
  place: MessageReference,
  acknowledgement: Acknowledgement,
): Promise<void> {
  const request = {
    ...callerOf(context, query.from, to.conversation, { message_id: Number(place.messageId) }),
    action,
  };
  const ask = await context.desk.asks(request);
  if (ask !== undefined) {
    const { title, label, value, max, multiline } = ask;
    await askQuestion(
      context,
      query.from,
      to,
      { title, label, value, max, multiline },
      { kind: 'press', action, max, card: place.messageId },
    );
    return;
  }
  const reply = await context.desk.press(request);
  if (reply.tone === 'error' || (reply.personal === true && reply.card === undefined)) {
    // The message under the button stays as it is: others read it too.
    const alert = alertOf(reply);
    if (alert !== undefined && !acknowledgement.done) await acknowledgement.give(alert);
    else await answer(context, to, reply);
    return;
  }
  await answerInPlace(context, place, to, reply);
}

async function onOffer(
  context: Context,
  query: CallbackQuery,
  id: string,
  to: Addressee,
  place: MessageReference,
  acknowledgement: Acknowledgement,
): Promise<void> {
  const definition = takesMessages(context);
  const messages = definition && (await findOffer(context, to.conversation, id));
  if (definition === undefined || messages === undefined) return acknowledgement.give(OFFER_GONE);
  const original = messages[0]?.message_id;
  const about: Addressee = original === undefined ? to : { ...to, replyTo: original };
  const reply = await takeOver(
    context,
    definition,
    query.from,
    about,
    messages,
    fieldsOfMessages(definition, messages),
  );
  if (reply?.tone === 'error') return;
  await closeOffer(context, to.conversation, id);
  await context.messenger.removeButtons(place).catch((error: unknown) => {
    context.log.debug({ error }, 'the button of an offer could not be removed');
  });
}

/** A reply short and plain enough for a pop-up. */
function alertOf(reply: Reply): string | undefined {
  if (reply.buttons?.length || reply.card !== undefined) return undefined;
  const words = plainReply(reply);
  return words.length <= ALERT_MAX ? words : undefined;
}

function acknowledge(context: Context, query: CallbackQuery): Acknowledgement {
  let done = false;
  return {
    get done() {
      return done;
    },
    async give(alert) {
      if (done) return;
      done = true;
      try {
        await context.api.answerCallbackQuery(
          query.id,
          alert === undefined ? {} : { text: alert, show_alert: true },
        );
      } catch (error) {
        // Too old by now (a press kept over a restart), or no network: the work itself is told by a message.
        context.log.debug(
          { error: error instanceof Error ? error.name : 'unknown' },
          'a press could not be answered',
        );
      }
    },
  };
}
