/**
 * What a command answers, in a form that every front-end can draw in its own best way: Discord components, Telegram HTML
 * with an inline keyboard, coloured or plain terminal text. A reply is returned, never sent.
 */

/** A piece of a line. A plain string is shown literally: front-ends escape it, so a person's text can never become markup. */
export type Inline =
  | string
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** An instant. Front-ends show it in the reader's own zone where the chat can; `text` is the full wording in the workspace's zone. */
  | { readonly kind: 'time'; readonly at: Date; readonly text: string };

export type Line = readonly Inline[];

/** How one delivery (or one line of a list) stands; each front-end has its sign for it. */
export type Mark = 'draft' | 'waiting' | 'working' | 'ok' | 'question' | 'failed' | 'off';

export type Block =
  | { readonly kind: 'text'; readonly line: Line }
  /** The person's own words, set apart and shortened by the front-end only where the chat's limit asks. */
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] };

export interface Row {
  readonly mark: Mark;
  readonly label: Line;
  readonly detail?: Line;
}

export interface Button {
  readonly label: string;
  readonly style: 'primary' | 'success' | 'danger' | 'default';
  /** `command.action:argument:argument`, at most BUTTON_ID_BYTES; run by `ChatDesk.press`. */
  readonly action: string;
}

/** The smallest of the front-ends' limits (a Telegram callback carries 64 bytes, https://core.telegram.org/bots/api#inlinekeyboardbutton). */
export const BUTTON_ID_BYTES = 64;
/** Buttons of one reply; five rows of five is the smallest of the front-ends' limits. */
export const BUTTONS_MAX = 25;

export interface Reply {
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title?: Line;
  readonly blocks: readonly Block[];
  readonly buttons?: readonly (readonly Button[])[];
  /** Show it to the person who asked only, where the chat can (errors, settings, team lists). */
  readonly personal?: boolean;
  /** This reply is the card of this post: the front-end reports the message through `ChatDesk.cardPlaced`. */
  readonly card?: string;
  /** How the post stood when its card was drawn; only to be compared with another. */
  readonly cardState?: string;
  /** A notice will tell, or has told, what becomes of it: an edit of this card is no news of its own, but for a delay. */
  readonly noticeTells?: true;
}

export const text = (...line: Inline[]): Block => ({ kind: 'text', line });
export const strong = (value: string): Inline => ({ kind: 'strong', text: value });
export const code = (value: string): Inline => ({ kind: 'code', text: value });
