/** How long the front-end waits for what; all in milliseconds. */
import { SECOND } from '../../core/clock.ts';

export interface DiscordTimeouts {
  /** One try of a first answer: two or three fit into Discord's 3 seconds. */
  readonly acknowledge: number;
  /** The desk's answer whether a conversation belongs to a workspace, which decides who sees the placeholder. */
  readonly knows: number;
  /** The desk's answer what an action asks; a form must be the first answer. */
  readonly asks: number;
  /** The desk's suggestions while a person types. */
  readonly complete: number;
  /** Any other request to Discord. */
  readonly request: number;
  /** Silence while a file is fetched. */
  readonly file: number;
  /** The first connection, until the start goes on without it. */
  readonly ready: number;
  /** What is in hand at stop(). */
  readonly stop: number;
}

export const DEFAULT_TIMEOUTS: DiscordTimeouts = {
  acknowledge: 1.2 * SECOND,
  knows: 0.3 * SECOND,
  asks: 1.5 * SECOND,
  complete: 2 * SECOND,
  request: 15 * SECOND,
  file: 30 * SECOND,
  ready: 30 * SECOND,
  stop: 8 * SECOND,
};
