/** Who talks to the bot, and where: everything belongs to a workspace. */

export type Role = 'owner' | 'editor' | 'approver' | 'viewer';

/** `frontend:id` of a chat identity, such as `terminal:local`. */
export type Identity = string;

export interface Person {
  readonly identity: Identity;
  readonly workspaceId: string;
  readonly role: Role;
  readonly name: string;
  readonly addedAt: Date;
  readonly addedBy?: Identity;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** IANA zone in which people type times. */
  readonly timeZone: string;
  /** BCP 47 tag: the language in which dates are read and shown. */
  readonly locale: string;
  /** What `to` means when it is left out: account ids; empty means every account. */
  readonly defaultTargets: readonly string[];
  /** `frontend:id` of each conversation that belongs here. */
  readonly conversations: readonly string[];
  /** Shown at start while there is no owner. */
  readonly claimCode?: string;
  readonly createdAt: Date;
}

/** Where people talk: a channel or thread, a chat or topic, the terminal. `frontend` names the chat adapter that serves it. */
export interface Conversation {
  readonly frontend: string;
  readonly id: string;
  /** A topic inside the conversation; part of the route of an answer, never of who may. */
  readonly topic?: string;
  /** The conversation that this one hangs under (a thread's channel); belonging to a workspace is inherited from it. */
  readonly parent?: string;
  readonly kind: 'direct' | 'group';
  readonly title?: string;
}

/** One message that a front-end wrote, so that it can be edited or answered later. */
export interface MessageReference {
  readonly conversation: Conversation;
  readonly messageId: string;
}

/** Where a post came from, so that its outcome finds the way back. */
export interface Origin {
  readonly conversation: Conversation;
  readonly person: Identity;
  readonly personName: string;
  readonly messageId?: string;
}
