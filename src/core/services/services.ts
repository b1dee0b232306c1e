/** What commands may use: one object, made once by main. */
import type { Clock } from '../clock.ts';
import type { IncomingMedia } from '../media.ts';
import type { PostQuery, WorkspaceStore } from '../stores.ts';
import type { MediaItem, Post, Workspace } from '../words.ts';
import type { AccountService } from './accounts.ts';
import type { BoardService } from './boards.ts';
import type { Composed, ComposeRequest } from './compose.ts';
import type { ConversionService } from './conversions.ts';
import type { Edited } from './edit.ts';
import type { EditRequest } from './edited.ts';
import type { Changed } from './hold.ts';
import type { InsightsService } from './insights.ts';
import type { Moved } from './move.ts';
import type { PeopleService } from './people.ts';
import type { PostView } from './post-view.ts';
import type { Removal } from './remove.ts';
import type { Verdict } from './verdict.ts';

export interface PostService {
  /** Planned, or kept as a draft because of what the answer lists; its errors are those of `compose.ts`. */
  compose(request: ComposeRequest): Promise<Composed>;
  /** Errors: ACTION_STALE, MOMENT_PAST, EXPIRY_TOO_EARLY, POST_CHANGED. */
  confirm(draft: Post, which: 'all' | 'those that can'): Promise<Composed>;
  /** The post as it stands, with what stands in the way of a draft. Error: POST_UNKNOWN (also for a post of another workspace). */
  show(workspaceId: string, id: string): Promise<Composed>;
  /** What `show` answers, for a post that was read just now. */
  view(post: Post): Promise<Composed>;
  list(workspaceId: string, query: PostQuery): Promise<{ views: readonly PostView[]; total: number }>;
  /** Posts whose id begins with what was typed, for completion; latest due first. */
  suggest(workspaceId: string, typed: string): Promise<readonly Post[]>;
  /** With issues that block, nothing was changed; so it is for `move`. Errors of each: see its file. */
  edit(post: Post, request: EditRequest): Promise<Edited>;
  move(post: Post, at: Date): Promise<Moved>;
  cancel(post: Post): Promise<Changed>;
  /** What removing would do. Errors: TARGET_UNKNOWN, POST_BUSY, NOTHING_PUBLISHED. */
  removal(view: PostView, only?: readonly string[]): Removal;
  /** Has it taken away where it is published, perhaps from some accounts only. Errors: also NOT_REMOVABLE, POST_CHANGED. */
  remove(post: Post, only?: readonly string[]): Promise<Changed>;
  /** Errors: NOTHING_TO_RETRY, POST_SETTLED, TARGET_UNKNOWN, POST_BUSY. */
  sendNow(post: Post, only?: readonly string[]): Promise<Changed>;
  decide(post: Post, accountId: string, verdict: Verdict, signal: AbortSignal): Promise<Changed>;
}

export interface SettingsService {
  change(workspaceId: string, patch: Parameters<WorkspaceStore['change']>[1]): Promise<Workspace>;
}

export interface MediaIntake {
  /** Fetched, measured and stored at once, all or nothing; each error names its file. */
  take(
    incoming: readonly IncomingMedia[],
    context: { workspaceId: string; signal: AbortSignal; progress(words: string): void },
  ): Promise<readonly MediaItem[]>;
}

export interface Services {
  readonly posts: PostService;
  readonly accounts: AccountService;
  readonly boards: BoardService;
  readonly insights: InsightsService;
  readonly people: PeopleService;
  readonly settings: SettingsService;
  readonly media: MediaIntake;
  readonly conversions: Pick<ConversionService, 'start' | 'stop'>;
  readonly clock: Clock;
}
