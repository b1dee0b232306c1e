/** The profiles that are published to, and how they fare. */

export type AccountHealth = 'ok' | 'expired' | 'revoked' | 'permission' | 'billing';

/** A profile on a network. */
export interface Account {
  readonly id: string;
  readonly workspaceId: string;
  readonly network: string;
  readonly mode: 'live' | 'rehearsal';
  readonly handle: string;
  readonly name: string;
  /** The network's own id of the profile; absent for rehearsal accounts. */
  readonly remoteId?: string;
  readonly profileUrl?: string;
  readonly source: 'environment' | 'rehearsal';
  /** False when its credentials are gone from the configuration: kept for history, never offered. */
  readonly active: boolean;
  readonly health: AccountHealth;
  /** What is wrong and what a person does about it, when health is not ok. */
  readonly healthMessage?: string;
  /** A rate limit of the whole account: nothing is sent before this instant. */
  readonly heldUntil?: Date;
  readonly holdReason?: string;
  readonly createdAt: Date;
}
