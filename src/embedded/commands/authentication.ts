// saslStart and saslContinue: SCRAM-SHA-256 with the secret of this start, where one is demanded; nothing else.
import { Binary } from 'bson';
import { type Document, isDocument } from '../bson/types.ts';
import type { Command, CommandRequest } from '../command.ts';
import { MongoError, notSupported } from '../errors.ts';
import { type ScramConversation, startScram } from '../scram.ts';

const MECHANISM = 'SCRAM-SHA-256';
const CONVERSATION_ID = 1;

interface Conversation {
  scram: ScramConversation;
  /** The client asked to leave out the last, empty exchange. */
  skipsEmptyExchange: boolean;
  proved: boolean;
}

export const saslStart: Command = {
  name: 'saslStart',
  fields: ['mechanism', 'payload', 'autoAuthorize', 'options'],
  run(request) {
    const { command, connection, engine } = request;
    if (engine.secret === undefined || command.mechanism !== MECHANISM) {
      throw notSupported(`Authentication by ${String(command.mechanism)}`, 18);
    }
    const scram = startScram(payloadOf(request), engine.secret);
    if (!scram) throw refused();
    const { options } = command;
    const conversation: Conversation = {
      scram,
      skipsEmptyExchange: isDocument(options) && options.skipEmptyExchange === true,
      proved: false,
    };
    connection.conversation = conversation;
    return reply(false, scram.challenge);
  },
};

export const saslContinue: Command = {
  name: 'saslContinue',
  fields: ['conversationId', 'payload'],
  run(request) {
    const { connection } = request;
    const conversation = connection.conversation as Conversation | undefined;
    if (!conversation) throw new MongoError(17, 'No SASL session state found');
    if (conversation.proved) {
      connection.authenticated = true;
      connection.conversation = undefined;
      return reply(true, '');
    }
    const signature = conversation.scram.finish(payloadOf(request));
    if (signature === undefined) {
      connection.conversation = undefined;
      throw refused();
    }
    conversation.proved = true;
    if (!conversation.skipsEmptyExchange) return reply(false, signature);
    connection.authenticated = true;
    return reply(true, signature);
  },
};

function payloadOf({ command }: CommandRequest): string {
  const { payload } = command;
  return payload instanceof Binary ? Buffer.from(payload.value()).toString() : String(payload);
}

function reply(done: boolean, payload: string): Document {
  return { conversationId: CONVERSATION_ID, done, payload: new Binary(Buffer.from(payload)) };
}

/** One answer for a wrong name and a wrong secret. */
function refused(): MongoError {
  return new MongoError(18, 'Authentication failed.');
}
