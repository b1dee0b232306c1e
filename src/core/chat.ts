/**
 * The two doors between core and a chat front-end: the desk, which a front-end calls with what a person did, and the
 * gateway, through which core tells outcomes.
 */
import type { Ask, Choice, CommandDefinition } from './command.ts';
import type { IncomingMedia } from './media.ts';
import type { Reply } from './reply.ts';
import type { Conversation, Identity, MessageReference } from './words.ts';

/** Who did something, and where. */
export interface Caller {
  readonly identity: Identity;
  readonly name: string;
  readonly conversation: Conversation;
  readonly messageId?: string;
  readonly signal: AbortSignal;
  progress?(words: string): void;
}

export interface CommandRequest extends Caller {
  readonly command: string;
  /** Either the text after the command's name (`to:x when:"…" words`), or named fields from a chat's own form. */
  readonly input:
    | { readonly kind: 'text'; readonly text: string }
    | {
        readonly kind: 'fields';
        readonly fields: Readonly<Record<string, string | number | boolean | readonly string[]>>;
      };
  readonly media: readonly IncomingMedia[];
}

export interface PressRequest extends Caller {
  /** The button's action. */
  readonly action: string;
  /** The answer, when the action asks for one. */
  readonly answer?: string;
}

export interface CompletionRequest extends Caller {
  readonly command: string;
  readonly option: string;
  readonly typed: string;
  /** What stands in the command's other options by now; absent: nothing, or the chat does not tell. */
  readonly given?: Readonly<Record<string, string>>;
}

/** Everything a front-end may ask of core. Every answer is a Reply, errors included: a desk never throws. */
export interface ChatDesk {
  readonly commands: readonly CommandDefinition[];
  /** parse → access → run → reply. */
  run(request: CommandRequest): Promise<Reply>;
  /** The same for a pressed button. The same button pressed twice, or by two people at once, acts once. */
  press(request: PressRequest): Promise<Reply>;
  /** What an action asks for first; undefined when it asks nothing or the caller may not. */
  asks(request: PressRequest): Promise<(Ask & { readonly value: string }) | undefined>;
  /** Why this person may not use a command here; undefined when nothing stands in the way. */
  refusal(request: Caller & { readonly command: string }): Promise<Reply | undefined>;
  /** At most CHOICES_MAX suggestions; an empty list to those who may not. */
  complete(request: CompletionRequest): Promise<readonly Choice[]>;
  /** The card of a post now stands in this message. */
  cardPlaced(postId: string, message: MessageReference): Promise<void>;
  /** A chat got a new id (a group became a supergroup). */
  conversationRenamed(frontend: string, oldId: string, newId: string): Promise<void>;
  /** Whether the conversation belongs to a workspace (groups that do not are left in peace). */
  knows(conversation: Conversation): Promise<boolean>;
}

/**
 * The way to one chat platform. Errors: CHAT_UNREACHABLE (blocked, removed: the route is dead), CHAT_UNAVAILABLE (try
 * later). `nonce` makes sending the same notice twice one message where the chat can.
 */
export interface ChatGateway {
  readonly frontend: string;
  send(
    to: { conversation: Conversation; person: Identity; replyTo?: string },
    reply: Reply,
    nonce: string,
  ): Promise<MessageReference>;
  edit(message: MessageReference, reply: Reply): Promise<void>;
}

/** A running front-end. */
export interface FrontEnd {
  readonly gateway: ChatGateway;
  /** For /health: connected, connecting, or why not. */
  status(): { readonly state: 'ready' | 'connecting' | 'down'; readonly detail?: string };
  start(desk: ChatDesk): Promise<void>;
  /** Takes no new input, ends what is in hand. */
  stop(): Promise<void>;
}
