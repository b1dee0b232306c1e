/** Keeps track of where cards stand, and draws what is to be told about a post. */

import { BoundedMap } from '../bounded-map.ts';
import { drawCard, drawNotice } from '../cards/card.ts';
import { firstWords, STANDING_WORDS } from '../cards/parts.ts';
import type { Clock } from '../clock.ts';
import type { Choice } from '../command.ts';
import { cardNoticeId, noticesFor } from '../delivery/roll-up.ts';
import { isOpen } from '../delivery/standing.ts';
import { distance } from '../moments/show.ts';
import type { Reply } from '../reply.ts';
import type { AccountService } from '../services/accounts.ts';
import { conversationKey } from '../services/people.ts';
import type { PostService } from '../services/services.ts';
import type { Notice, NoticeStore, PostStore, WorkspaceStore } from '../stores.ts';
import type { MessageReference, Post, Workspace } from '../words.ts';
import { drawContextOf } from './draw-context.ts';

export interface CardDesk {
  placed(postId: string, message: MessageReference): Promise<void>;
  /** A person was answered with this: where it is a card, it stands as it is until the post stands otherwise. */
  answered(reply: Reply): void;
  conversationRenamed(frontend: string, oldId: string, newId: string): Promise<void>;
  /**
   * The card or the notice of a post as it stands now; undefined for a notice of how it stood before: drawn now it would
   * say what the newer one says.
   */
  draw(post: Post, notice: Pick<Notice, 'id' | 'kind'>): Promise<Reply | undefined>;
  suggest(workspace: Workspace, typed: string): Promise<readonly Choice[]>;
}

/** Answers that are remembered; of older ones the card is drawn once more. */
const ANSWERS_MAX = 500;

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
  /** How posts stood in the last answers about them. */
  const answers = new BoundedMap<string, string>(ANSWERS_MAX);
  /** The answer says this already, and with it what a card that is drawn anew does not: what was assumed, and warnings. */
  const isAnswered = ({ card = '', cardState }: Reply): boolean => {
    const stands = answers.get(card) === cardState;
    if (!stands) answers.delete(card);
    return stands;
  };

  return {
    answered({ card, cardState }) {
      if (card === undefined || cardState === undefined) return;
      answers.set(card, cardState);
    },

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

    async draw(post, { id, kind }) {
      const [workspace, shown] = await Promise.all([
        ports.workspaces.find(post.workspaceId),
        ports.postService.view(post),
      ]);
      if (!workspace) return undefined;
      const services = { clock: ports.clock, accounts: ports.accountService };
      const context = drawContextOf({ services, workspace });
      const current = noticesFor(shown.post, shown.deliveries);
      if (kind === 'card') {
        const card = drawCard(shown, context, shown);
        if (isAnswered(card)) return undefined;
        const isTold = shown.deliveries.some(isOpen) || current.some((each) => each.kind !== 'card');
        return isTold ? { ...card, noticeTells: true } : card;
      }
      if (current.some((each) => each.id === id)) return drawNotice(shown, kind, context);
      // Asked for already, unless a crash came between the change and its roll-up.
      await ports.notices.requestMany(current, ports.clock.now());
      return undefined;
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
