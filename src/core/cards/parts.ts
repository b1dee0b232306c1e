/** Lines and rows that cards, notices and lists share. */

import { type Cover, describeMoment } from '../cover.ts';
import { contentFor } from '../delivery/content.ts';
import { isOpen, isRemovalRefused, needsPerson } from '../delivery/standing.ts';
import { FORMAT_WORDS } from '../formats.ts';
import { mediaSummary } from '../media-summary.ts';
import { distance, echo } from '../moments/show.ts';
import type { Content } from '../publisher.ts';
import type { Button, Inline, Line, Mark, Row } from '../reply.ts';
import type { Account, Delivery, Post, PostFormat, PostStanding, Workspace } from '../words.ts';
import { partsOut, publishedAs } from './thread.ts';

export interface DrawContext {
  readonly now: Date;
  readonly workspace: Pick<Workspace, 'timeZone' | 'locale'>;
  labelOf(account: Account): string;
  /** How content will stand on the account's network; undefined where there is one kind of post. */
  formatOf(account: Account, content: Content): PostFormat | undefined;
  /** What a person has chosen as the cover of the video. */
  coverOf(account: Account, content: Content): Cover | undefined;
}

export function timeOf(at: Date, context: DrawContext): Inline {
  return {
    kind: 'time',
    at,
    text: echo(at, { now: context.now, zone: context.workspace.timeZone, locale: context.workspace.locale }),
  };
}

export const idOf = (post: Pick<Post, 'id'>): string => `#${post.id}`;

export const STANDING_WORDS: Readonly<Record<PostStanding, string>> = {
  draft: 'draft',
  waiting: 'scheduled',
  working: 'being published',
  attention: 'needs you',
  done: 'done',
  cancelled: 'cancelled',
};

export const STANDING_MARK: Readonly<Record<PostStanding, Mark>> = {
  draft: 'draft',
  waiting: 'waiting',
  working: 'working',
  attention: 'question',
  done: 'ok',
  cancelled: 'off',
};

/** One row for each account: how the delivery stands, in words, with what a person can do about it. */
export function deliveryRow(
  delivery: Delivery | undefined,
  account: Account,
  post: Post,
  context: DrawContext,
): Row {
  const {
    format: _format,
    fit: _fit,
    cover: _cover,
    ...own
  } = { ...post.variants[account.network], ...post.variants[account.id] };
  const label: Inline[] = [
    context.labelOf(account),
    ...(Object.keys(own).length > 0 ? [' (own words)'] : []),
    ...standing(post, account, context),
  ];
  if (!delivery) return rowWithout(post, label);
  const { mark, detail: said } = describeDelivery(delivery, context);
  const out = partsOut(delivery);
  const detail = said.length > 0 && out.length > 0 ? [...said, ' ', ...out] : [...said, ...out];
  return { mark, label, ...(detail.length > 0 ? { detail } : {}) };
}

/** A draft, a post that was made this very moment, or one that retention is taking away: what goes first is how it went. */
function rowWithout({ standing }: Post, label: Line): Row {
  if (standing === 'draft' || standing === 'waiting') return { mark: STANDING_MARK[standing], label };
  const detail = standing === 'cancelled' ? [] : ['how it went is not kept any more'];
  return { mark: 'off', label, ...(detail.length > 0 ? { detail } : {}) };
}

/** ", as a reel, cover: your picture"; the feed is told only where somebody chose it, and a cover, too. */
function standing(post: Post, account: Account, context: DrawContext): readonly Inline[] {
  const content = contentFor(post, account);
  const format = context.formatOf(account, content);
  const cover = context.coverOf(account, content);
  return [
    ...(format && (format !== 'feed' || content.format === 'feed') ? [`, ${FORMAT_WORDS[format]}`] : []),
    ...(cover
      ? [`, cover: ${cover === 'picture' ? 'your picture' : `the frame at ${describeMoment(cover.second)}`}`]
      : []),
  ];
}

function describeDelivery(delivery: Delivery, context: DrawContext): { mark: Mark; detail: Line } {
  const { error } = delivery;
  const said = error ? `${error.message} ${error.hint}` : '';
  const { locale } = context.workspace;
  switch (delivery.state) {
    case 'scheduled':
      if (needsPerson(delivery)) return { mark: 'question', detail: [`waits for the account. ${said}`] };
      if (error && delivery.nextAttemptAt && delivery.failures > 0) {
        return {
          mark: 'waiting',
          detail: [`${error.message} Next try ${distance(delivery.nextAttemptAt, context.now, locale)}.`],
        };
      }
      if (error && delivery.nextAttemptAt)
        return {
          mark: 'waiting',
          detail: [`${error.message} Goes on `, timeOf(delivery.nextAttemptAt, context), '.'],
        };
      return { mark: 'waiting', detail: [] };
    case 'publishing':
    case 'processing':
      return {
        mark: 'working',
        detail: [
          delivery.progress ??
            (delivery.state === 'processing' ? 'the network is working on it' : 'publishing'),
        ],
      };
    case 'published':
      return {
        mark: isRemovalRefused(delivery) ? 'question' : 'ok',
        detail: [
          delivery.remoteUrl
            ? { kind: 'link', text: publishedAs(delivery), url: delivery.remoteUrl }
            : publishedAs(delivery),
          ...(delivery.remark ? [`. ${delivery.remark}`] : []),
          ...(error ? [`, and still there: ${said}`] : []),
        ],
      };
    case 'removing':
      if (error && delivery.nextAttemptAt)
        return {
          mark: 'working',
          detail: [`being removed. ${error.message} Goes on `, timeOf(delivery.nextAttemptAt, context), '.'],
        };
      return { mark: 'working', detail: ['being removed'] };
    case 'uncertain':
      if (isOpen(delivery))
        return { mark: 'working', detail: ['no answer came; looking whether it is there'] };
      return { mark: 'question', detail: [`Is it there? ${said}`] };
    case 'overdue':
      return {
        mark: 'question',
        detail: [
          `was due ${distance(delivery.dueAt, context.now, locale)}, while the bot was away; nothing was sent`,
        ],
      };
    case 'failed':
      return { mark: 'failed', detail: [said || 'failed'] };
    case 'expired':
      return { mark: 'off', detail: ['expired before it could go out'] };
    case 'awaiting_approval':
      return { mark: 'waiting', detail: ['waits for approval'] };
    case 'cancelled':
    case 'removed':
      return { mark: 'off', detail: [delivery.state] };
  }
}

/** "1 of its accounts was", "2 of its accounts were". */
export const accountsWere = (count: number): string =>
  `${count} of its accounts ${count === 1 ? 'was' : 'were'}`;

/** "2 pictures, 1 video", with how many have no description for people who cannot see them. */
export function mediaLine(post: Post): Line | undefined {
  if (post.media.length === 0) return undefined;
  return [mediaSummary(post.media)];
}

export function firstWords(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= max
    ? line
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

export const button = (label: string, action: string, style: Button['style'] = 'default'): Button => ({
  label,
  action,
  style,
});
