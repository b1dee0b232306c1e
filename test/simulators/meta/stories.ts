/** Stories of a simulated page: each is a picture or a video that was uploaded for it, and leaves the list after a day. */
import type { GraphRequest } from './graph.ts';
import type { createPosts } from './posts.ts';
import { refuse } from './refusal.ts';
import type { createVideos } from './videos.ts';

export interface SimulatedStory {
  readonly id: string;
  readonly kind: 'photo' | 'video';
  /** Of the picture or video in it. */
  readonly media: string;
  readonly at: number;
}

export interface StoryOptions {
  /** A story is in the list only after so many milliseconds. */
  storyLagMs: number;
}

const STORY_LIFE_MS = 86_400_000;

export function createStories(
  now: () => number,
  nextId: () => string,
  posts: ReturnType<typeof createPosts>,
  videos: ReturnType<typeof createVideos>,
  options: StoryOptions,
) {
  let stories: SimulatedStory[] = [];

  const isShown = (id: string): boolean => {
    const video = videos.all.get(id);
    return video !== undefined && videos.isShown(video);
  };

  const add = (kind: SimulatedStory['kind'], media: string): unknown => {
    const story = { id: nextId(), kind, media, at: now() };
    stories.push(story);
    // The guide shows the id as a number here, and as text in the list.
    return { success: true, post_id: Number(story.id) };
  };

  return {
    all: (): readonly SimulatedStory[] => stories,
    photo({ fields }: GraphRequest): unknown {
      const id = fields.photo_id ?? '';
      posts.hidden(id);
      if (stories.some(({ media }) => media === id))
        throw refuse(100, `The photo ${id} is in a story already.`);
      return add('photo', id);
    },
    video(request: GraphRequest): unknown {
      const made = videos.story(request);
      return 'id' in made ? add('video', made.id) : made;
    },
    list(): unknown {
      const visible = stories.filter(
        ({ kind, media, at }) =>
          at + options.storyLagMs <= now() &&
          now() < at + STORY_LIFE_MS &&
          (kind === 'photo' || isShown(media)),
      );
      const data = visible.toReversed().map(({ id, kind, media, at }) => ({
        post_id: id,
        status: 'PUBLISHED',
        creation_time: String(Math.floor(at / 1000)),
        media_type: kind,
        media_id: media,
        url: `https://facebook.com/stories/${id}`,
      }));
      return { data, paging: { cursors: { after: 'end' } } };
    },
    remove(id: string): boolean {
      const before = stories.length;
      stories = stories.filter((each) => each.id !== id);
      return stories.length < before;
    },
  };
}
