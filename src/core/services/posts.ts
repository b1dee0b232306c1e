/** The posts of a workspace, as commands use them. */
import { usageError } from '../errors.ts';
import { OneByOne } from '../one-by-one.ts';
import type { Post } from '../words.ts';
import { cancelPost } from './cancel.ts';
import { type Composed, type ComposeRequest, compose, review } from './compose.ts';
import type { ConversionService } from './conversions.ts';
import { confirm } from './drafts.ts';
import { editPost } from './edit.ts';
import type { ChangePorts } from './hold.ts';
import { movePost } from './move.ts';
import { type PostView, viewPost, viewPosts } from './post-view.ts';
import { removalOf, removePost } from './remove.ts';
import { sendNow } from './send-now.ts';
import type { PostService } from './services.ts';
import { decideUncertain } from './verdict.ts';

const SUGGESTIONS = 25;

/** `#k7qpd`, `K7QPD` and `k7qpd` are the same post. */
export function canonicalPostId(typed: string): string {
  return typed.trim().replace(/^#/, '').toUpperCase();
}

export function createPostService(
  ports: ChangePorts,
  conversions: Pick<ConversionService, 'standingOf'>,
): PostService {
  const withConversion = async <View extends PostView>(view: View) => {
    const conversion = await conversions.standingOf(view);
    return conversion ? { ...view, conversion } : view;
  };
  const view = async (post: Post): Promise<Composed> => {
    const shown = await viewPost(ports, post);
    return withConversion({ ...shown, ...(await review(ports, shown)) });
  };
  /** Of two people who say the same at the same moment, or one who says it twice, the second is warned. */
  const sameWords = new OneByOne();
  const composeInTurn = (request: ComposeRequest): Promise<Composed> => {
    const text = request.words.text.trim();
    const work = () => compose(ports, request);
    // Two posts of pictures alone do not say the same.
    return text === '' ? work() : sameWords.run(`${request.workspace.id} ${text}`, work);
  };
  return {
    compose: async (request) => withConversion(await composeInTurn(request)),
    confirm: async (draft, which) => withConversion(await confirm(ports, draft, which)),
    edit: async (post, request) => withConversion(await editPost(ports, post, request)),
    move: (post, at) => movePost(ports, post, at),
    cancel: (post) => cancelPost(ports, post),
    removal: (view, only) => removalOf(ports, view, only),
    remove: (post, only) => removePost(ports, post, only),
    sendNow: (post, only) => sendNow(ports, post, only),
    decide: (post, accountId, verdict, signal) => decideUncertain(ports, post, accountId, verdict, signal),

    view,

    async show(workspaceId, typed) {
      const id = canonicalPostId(typed);
      const post = await ports.posts.find(workspaceId, id);
      if (!post)
        throw usageError(
          'POST_UNKNOWN',
          `There is no post #${id.slice(0, 12)} here.`,
          'See /queue for the posts and their ids.',
        );
      return view(post);
    },

    async list(workspaceId, query) {
      const { posts, total } = await ports.posts.list(workspaceId, query);
      return { views: await viewPosts(ports, workspaceId, posts), total };
    },

    suggest: (workspaceId, typed) =>
      ports.posts.idsLike(
        workspaceId,
        canonicalPostId(typed),
        ['draft', 'waiting', 'working', 'attention', 'done'],
        SUGGESTIONS,
      ),
  };
}
