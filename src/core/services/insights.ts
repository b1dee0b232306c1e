/**
 * How a post was received, asked at the networks at that moment: all accounts side by side, so that one that fails or hangs
 * hides no other. What was told is kept for a short time, since some networks charge for each look.
 */
import { BoundedMap } from '../bounded-map.ts';
import { type Clock, MINUTE, SECOND } from '../clock.ts';
import { publishedAt } from '../delivery/journal.ts';
import { asCarillonError, usageError } from '../errors.ts';
import type { Insights } from '../insights.ts';
import type { Logger } from '../log.ts';
import type { Publisher } from '../publisher.ts';
import { within } from '../within.ts';
import type { Account, Delivery, Post } from '../words.ts';
import type { PostView } from './post-view.ts';

/** What one network told, or why it told nothing; for people. */
export type Told =
  | { readonly is: 'told'; readonly insights: Insights }
  /** The network counts nothing there: asking again would not help. */
  | { readonly is: 'nothing to count'; readonly why: string }
  | { readonly is: 'not told'; readonly why: string };

export interface AccountInsights {
  readonly account: Account;
  readonly told: Told;
}

export interface InsightsService {
  /** Of each account on which the post is published, in the order of its targets. Error: NOTHING_PUBLISHED. */
  of(view: PostView): Promise<readonly AccountInsights[]>;
}

export interface InsightsServicePorts {
  publisherFor(account: Account): Publisher | undefined;
  networkLabel(network: string): string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the program stops: what is being asked is let go. */
  readonly signal: AbortSignal;
}

/** What was told is told again for so long. */
const FRESH_MS = 5 * MINUTE;
/** A network that failed is not asked again before. */
const PAUSE_MS = 20 * SECOND;
/** Nobody waits longer; what comes later is kept for the next time. */
const WAIT_MS = 15 * SECOND;
/** Answers that are kept; the one that was asked for longest ago goes first. */
const ANSWERS_MAX = 500;

interface Answer {
  readonly askedAt: number;
  readonly told: Promise<Told>;
  /** How long it is good; while it is on its way, for ever. */
  keptMs: number;
}

export function createInsightsService(ports: InsightsServicePorts): InsightsService {
  const { clock, networkLabel } = ports;
  const answers = new BoundedMap<string, Answer>(ANSWERS_MAX);
  const now = (): number => clock.now().getTime();

  const answerFor = (delivery: Delivery, account: Account, post: Post): Answer => {
    const known = answers.get(delivery.id);
    if (known && now() - known.askedAt < known.keptMs) return known;
    const answer: Answer = {
      askedAt: now(),
      told: ask(ports, delivery, account, post),
      keptMs: Number.POSITIVE_INFINITY,
    };
    void answer.told.then(({ is }) => {
      answer.keptMs = is === 'told' ? FRESH_MS : PAUSE_MS;
    });
    answers.set(delivery.id, answer);
    return answer;
  };

  const of = async (delivery: Delivery, account: Account, post: Post): Promise<AccountInsights> => {
    const late: Told = {
      is: 'not told',
      why: `${networkLabel(account.network)} has not answered within ${WAIT_MS / SECOND} seconds. Ask again in a moment.`,
    };
    const { told } = answerFor(delivery, account, post);
    return { account, told: await within(clock, WAIT_MS, told, late) };
  };

  return {
    async of({ post, deliveries, accounts }) {
      const published = accounts.flatMap((account) => {
        const delivery = deliveries.find((each) => each.accountId === account.id);
        return delivery?.state === 'published' ? [{ account, delivery }] : [];
      });
      if (published.length === 0)
        throw usageError(
          'NOTHING_PUBLISHED',
          `Nothing of #${post.id} is published, so there is nothing to count.`,
          `See how it stands: /show post:#${post.id}`,
        );
      return Promise.all(published.map(({ account, delivery }) => of(delivery, account, post)));
    },
  };
}

/** Never throws. */
async function ask(
  { publisherFor, networkLabel, clock, log, signal }: InsightsServicePorts,
  delivery: Delivery,
  account: Account,
  post: Post,
): Promise<Told> {
  const publisher = publisherFor(account);
  const label = networkLabel(account.network);
  if (account.mode === 'rehearsal')
    return { is: 'nothing to count', why: 'A rehearsal has no readers: there is nothing to count.' };
  if (!publisher)
    return { is: 'nothing to count', why: `The credentials for ${label} are not configured any more.` };
  if (!publisher.insights) return { is: 'nothing to count', why: `${label} tells apps no numbers.` };
  if (delivery.remoteId === undefined)
    return { is: 'nothing to count', why: 'It is not known which post it is there, so nobody can be asked.' };
  try {
    const hasVideo = post.media.some(({ kind }) => kind === 'video');
    const format = delivery.attempts.findLast(({ intent }) => intent?.format)?.intent?.format;
    const asked = {
      account,
      id: delivery.remoteId,
      publishedAt: publishedAt(delivery),
      hasVideo,
      ...(format ? { format } : {}),
    };
    const insights = await publisher.insights({ ...asked, clock, signal });
    const notes = [...insights.notes, ...aboutParts(delivery)];
    return { is: 'told', insights: { ...insights, notes } };
  } catch (error) {
    const problem = asCarillonError(error);
    log.warn({ deliveryId: delivery.id, err: problem }, 'the numbers of a post could not be read');
    return { is: 'not told', why: `${problem.message} ${problem.hint}` };
  }
}

/** A thread is known by its first part, which is what people see and like. */
function aboutParts({ parts = [] }: Delivery): readonly string[] {
  return parts.length > 1 ? [`This is the first of the ${parts.length} parts of the thread.`] : [];
}
