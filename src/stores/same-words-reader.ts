/** Who says the same words already. Every post that is made asks this, so those of the same moment ask together. */
import type mongoose from 'mongoose';
import type { Post, PostStanding } from '../core/words.ts';
import { type Gathered, Gathering } from '../lib/gathering.ts';
import { type PostDocument, type PostModel, toPost } from './post-model.ts';

/** Standings in which a post says, or is going to say, its words. */
const SAYING: readonly PostStanding[] = ['waiting', 'working', 'attention', 'done'];

export interface SameWordsQuestion {
  readonly workspaceId: string;
  /** Of the words (same-words.ts). */
  readonly key: string;
  /** On any of these accounts. */
  readonly accountIds: readonly string[];
  /** Due from then until then, both included. */
  readonly from: Date;
  readonly to: Date;
}

type Pending = Gathered<SameWordsQuestion, readonly Post[]>;

export class SameWordsReader {
  readonly #collection: () => mongoose.mongo.Collection<PostDocument>;
  readonly #gathering = new Gathering<SameWordsQuestion, readonly Post[]>((round) => this.#read(round));

  constructor(model: PostModel) {
    // Past Mongoose's casting, which costs more than the query: nothing here needs it.
    this.#collection = () => model.collection as never;
  }

  /** In the order in which they are due. */
  find(question: SameWordsQuestion): Promise<readonly Post[]> {
    return this.#gathering.ask(question);
  }

  async #read(round: readonly Pending[]): Promise<void> {
    const found = await this.#collection()
      .find({
        $or: spansOf(round).flatMap(({ workspaceId, keys, from, to }) => {
          const during = { dueAt: { $gte: from, $lte: to } };
          return [
            { workspaceId, wordsKey: { $in: keys }, ...during },
            { workspaceId, variantKeys: { $in: keys }, ...during },
          ];
        }),
        targets: { $in: [...new Set(round.flatMap(({ request }) => request.accountIds))] },
        standing: { $in: SAYING },
      })
      .sort({ dueAt: 1, _id: 1 })
      .toArray();
    for (const { request, resolve } of round)
      resolve(found.filter((post) => answers(post, request)).map(toPost));
  }
}

/** The questions about the same workspace and time, with all their keys. */
function spansOf(round: readonly Pending[]) {
  const spans = new Map<
    string,
    Pick<SameWordsQuestion, 'workspaceId' | 'from' | 'to'> & { keys: string[] }
  >();
  for (const { request } of round) {
    const { workspaceId, key, from, to } = request;
    const name = `${workspaceId} ${from.getTime()} ${to.getTime()}`;
    const span = spans.get(name);
    if (span) span.keys.push(key);
    else spans.set(name, { workspaceId, from, to, keys: [key] });
  }
  return [...spans.values()];
}

function answers(post: PostDocument, { workspaceId, key, accountIds, from, to }: SameWordsQuestion): boolean {
  return (
    post.workspaceId === workspaceId &&
    (post.wordsKey === key || post.variantKeys?.includes(key) === true) &&
    post.dueAt >= from &&
    post.dueAt <= to &&
    post.targets.some((id) => accountIds.includes(id))
  );
}
