/** Keeps track of where cards stand, and draws what is to be told about a post. */

import { drawCard, drawNotice } from '../cards/card.ts';
import { type DrawContext, firstWords, STANDING_WORDS } from '../cards/parts.ts';
import type { Clock } from '../clock.ts';
import type { Choice } from '../command.ts';
import { cardNoticeId } from '../delivery/roll-up.ts';
import { distance } from '../moments/show.ts';
import type { Reply } from '../reply.ts';
import type { AccountService } from '../services/accounts.ts';
import { conversationKey } from '../services/people.ts';
import type { PostService } from '../services/services.ts';
import type { Notice, NoticeStore, PostStore, WorkspaceStore } from '../stores.ts';
import type { MessageReference, Post, Workspace } from '../words.ts';

export interface CardDesk {
  placed(postId: string, message: MessageReference): Promise<void>;
  conversationRenamed(frontend: string, oldId: string, newId: string): Promise<void>;
  /** The card or the notice of a post as it stands now. */
  draw(post: Post, kind: Notice['kind']): Promise<Reply | undefined>;
  suggest(workspace: Workspace, typed: string): Promise<readonly Choice[]>;
}

export interface CardDeskPorts {
  readonly posts: PostStore;
  readonly workspaces: WorkspaceStore;
  readonly notices: NoticeStore;
  readonly accountService: AccountService;
  readonly postService: PostService;
  wakeNotifier(): void;
  readonly clock: Clock;
}

export function createCardDesk(ports: CardDeskPorts): CardDesk {
  const contextFor = (workspace: Workspace): DrawContext => ({
    now: ports.clock.now(),
    workspace,
    labelOf: ports.accountService.labelOf,
    formatOf: ports.accountService.formatOf,
  });

  return {
    async placed(postId, message) {
      await ports.posts.setCard(postId, message);
      // What happened between drawing the answer and its arrival in the chat is shown now. A post about which there was
      // nothing to tell yet has no notice, and stands as it was drawn.
      if (await ports.notices.repeat(cardNoticeId(postId), ports.clock.now())) ports.wakeNotifier();
    },

    async conversationRenamed(frontend, oldId, newId) {
      await ports.workspaces.renameConversation(
        conversationKey(frontend, oldId),
        conversationKey(frontend, newId),
      );
      await ports.posts.renameConversation(frontend, oldId, newId);
    },

    async draw(post, kind) {
      const [workspace, shown] = await Promise.all([
        ports.workspaces.find(post.workspaceId),
        ports.postService.show(post.workspaceId, post.id),
      ]);
      if (!workspace) return undefined;
      const context = contextFor(workspace);
      return kind === 'card' ? drawCard(shown, context, shown) : drawNotice(shown, kind, context);
    },

    async suggest(workspace, typed) {
      const posts = await ports.postService.suggest(workspace.id, typed);
      const now = ports.clock.now();
      return posts.map((post) => ({
        value: `#${post.id}`,
        label: firstWords(
          `#${post.id} ${STANDING_WORDS[post.standing]}, ${distance(post.dueAt, now, workspace.locale)}: ${post.words.text || 'no words'}`,
          100,
        ),
      }));
    },
  };
}
