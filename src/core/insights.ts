/** How a published thing was received, in a few words that all networks share. */
import type { Clock } from './clock.ts';
import type { Account, PostFormat } from './words.ts';

/** All that is counted, in the order in which it is shown, with its name for one and for several. */
export const MEASURES = {
  /** Times that it was put before somebody's eyes. */
  impressions: ['impression', 'impressions'],
  /** Times that it was looked at or played, as the network counts that. */
  views: ['view', 'views'],
  /** People, each once. */
  reach: ['person reached', 'people reached'],
  /** Times that its video was played. */
  videoViews: ['video view', 'video views'],
  /** Likes and other reactions. */
  likes: ['like', 'likes'],
  /** Comments and replies. */
  comments: ['comment', 'comments'],
  /** Shares, reposts, quotes and reblogs. */
  shares: ['share', 'shares'],
  /** Saves and bookmarks. */
  saves: ['save', 'saves'],
  /** Times that it was opened to see more of it. */
  opens: ['time opened', 'times opened'],
  /** Clicks, of its link where the network tells these apart. */
  clicks: ['click', 'clicks'],
} as const satisfies Readonly<Record<string, readonly [one: string, several: string]>>;

export type Measure = keyof typeof MEASURES;

export interface Insights {
  /** What the network told; what it did not tell is absent and never 0. */
  readonly numbers: Readonly<Partial<Record<Measure, number>>>;
  /** When the network was asked. */
  readonly at: Date;
  /** What is missing and why, or what the numbers are about; whole sentences for people. */
  readonly notes: readonly string[];
}

export interface InsightsContext {
  readonly account: Account;
  /** The network's id of what was published. */
  readonly id: string;
  readonly publishedAt: Date;
  readonly hasVideo: boolean;
  /** As what it went out; absent: the network has one kind of post, or it is not known. */
  readonly format?: PostFormat;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}
