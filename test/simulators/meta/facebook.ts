/** A simulated Facebook page: who it is, and which part answers which request. */

import { type GraphNetwork, type GraphRequest, type GraphServers, startGraph } from './graph.ts';
import { checkFields, type InsightOptions, NO_NUMBERS, readInsights } from './insights.ts';
import { checkParameters } from './parameters.ts';
import {
  createPosts,
  type PostOptions,
  type SimulatedComment,
  type SimulatedPhoto,
  type SimulatedPost,
} from './posts.ts';
import { unknownObject } from './refusal.ts';
import { createStories, type SimulatedStory, type StoryOptions } from './stories.ts';
import { createVideos, type SimulatedVideo, type VideoOptions } from './videos.ts';

export type FacebookOptions = VideoOptions & PostOptions & StoryOptions & InsightOptions;

export interface FacebookSimulator extends GraphServers {
  readonly pageId: string;
  readonly token: string;
  readonly appId: string;
  readonly options: FacebookOptions;
  /** Everything that was created and not deleted. */
  posts(): readonly SimulatedPost[];
  photos(): readonly SimulatedPhoto[];
  videos(): readonly SimulatedVideo[];
  stories(): readonly SimulatedStory[];
  comments(): readonly SimulatedComment[];
  /** How many things were created and are not deleted. */
  created(): number;
  /** Facebook knows an upload or video no more. */
  forget(id: string): void;
  /** `me` is somebody else from now on, as with a person's token. */
  setOwner(owner: { id: string; name: string }): void;
}

export async function startFacebookSimulator(
  settings: { now?: () => Date; port?: number } & Partial<FacebookOptions> = {},
): Promise<FacebookSimulator> {
  const { now: clock = () => new Date(), port = 0, ...given } = settings;
  const now = (): number => clock().getTime();
  const options: FacebookOptions = {
    processingMs: 20_000,
    processingErrors: [],
    reelsPerDay: 30,
    cutAfter: [],
    duplicates: 'refused',
    lagMs: 0,
    storyLagMs: 0,
    canonicalLink: (link) => link,
    ...NO_NUMBERS,
    ...given,
  };
  const pageId = '104857600000001';
  const token = 'EAAB-page-token-77aa01';
  const appId = '300100200';
  const page = {
    id: pageId,
    name: 'Acme Bells',
    username: 'acmebells',
    link: `https://www.facebook.com/acmebells`,
  };
  let owner: { id: string; name: string } = page;
  let last = 122_000_000_000_000;
  const nextId = (): string => {
    last += 1;
    return String(last);
  };
  let videos: ReturnType<typeof createVideos>;
  let stories: ReturnType<typeof createStories>;
  const posts = createPosts(pageId, now, nextId, options);

  /** The post of a video has the video's number with another beginning. */
  const postOfVideo = (id: string): object => {
    const { createdAt, deleted } = videos.find(id);
    if (createdAt === undefined || deleted) return {};
    return { post_id: `9${id}`, views: options.numbers.video_views ?? 0 };
  };
  const findPost = (id: string): void => {
    const videoId = id.split('_')[1]?.slice(1) ?? '';
    const video = videos.all.get(videoId);
    if (video?.createdAt !== undefined && !video.deleted) return;
    if (!posts.all().some((each) => each.id === id)) throw unknownObject(id);
  };
  const engagement = (request: GraphRequest): unknown => {
    const id = request.path;
    findPost(id);
    const asked = checkFields(request, POST_FIELDS);
    const { reactions = 0, comments = 0, shares } = options.numbers;
    return {
      id,
      ...(asked.has('reactions') ? { reactions: { data: [], summary: { total_count: reactions } } } : {}),
      ...(asked.has('comments') ? { comments: { data: [], summary: { total_count: comments } } } : {}),
      // Left out while there are none.
      ...(asked.has('shares') && shares ? { shares: { count: shares } } : {}),
    };
  };

  const makeNetwork = ({
    uploadUrl,
    violations,
  }: {
    uploadUrl: string;
    violations: string[];
  }): GraphNetwork => {
    videos = createVideos(now, nextId, uploadUrl, options);
    stories = createStories(now, nextId, posts, videos, options);
    return {
      bytes(host, { path, headers }) {
        if (host === 'api' && path.startsWith('upload:')) return videos.sessionBytes(path, headers);
        const id = /^video-upload\/v25\.0\/(\d+)$/.exec(path)?.[1];
        return host === 'upload' && id ? videos.reelBytes(id, headers) : undefined;
      },
      answer(request) {
        const edge = edgeOf(request, pageId, appId);
        violations.push(...checkParameters(edge, request));
        const id = request.path.split('/')[0] ?? '';
        switch (edge) {
          case 'GET me':
            return { id: owner.id, name: owner.name };
          case 'GET app':
            return { id: appId };
          case 'GET Page':
            return page;
          case 'GET Page/published_posts':
            return posts.list(request);
          case 'GET Page/videos':
            return videos.list();
          case 'GET Page/stories':
            return stories.list();
          case 'GET AdVideo':
            return { ...videos.shown(videos.find(id)), ...postOfVideo(id) };
          case 'GET PagePost':
            return engagement(request);
          case 'GET PagePost/insights':
            findPost(id);
            return readInsights(id, request, POST_METRICS, options);
          case 'GET Upload':
            return videos.offsetOf(id);
          case 'POST Page/feed':
            return posts.feed(request);
          case 'POST Page/photos':
            return posts.photo(request);
          case 'POST Page/videos':
            return videos.publishFile(request);
          case 'POST Page/video_reels':
            return videos.reel(request);
          case 'POST Page/photo_stories':
            return stories.photo(request);
          case 'POST Page/video_stories':
            return stories.video(request);
          case 'POST App/uploads':
            return videos.openSession(request);
          case 'POST PagePost/comments':
            return posts.comment(id, videos.all.get(id)?.createdAt !== undefined, request);
          default:
            if (!posts.remove(id) && !videos.remove(id) && !stories.remove(id)) throw unknownObject(id);
            return { success: true };
        }
      },
    };
  };
  const servers = await startGraph(token, makeNetwork, port);
  const createdVideos = (): SimulatedVideo[] =>
    [...videos.all.values()].filter(
      (each) => each.kind !== 'story' && each.createdAt !== undefined && !each.deleted,
    );
  return {
    ...servers,
    pageId,
    token,
    appId,
    options,
    posts: () => posts.all(),
    photos: () => posts.photos(),
    videos: () => [...videos.all.values()],
    comments: () => posts.comments,
    stories: () => stories.all(),
    created: () => posts.all().length + createdVideos().length + stories.all().length,
    forget: (id) => void videos.forget(id),
    setOwner: (next) => {
      owner = next;
    },
  };
}

/** https://developers.facebook.com/docs/graph-api/reference/page-post */
const POST_FIELDS = ['id', 'message', 'created_time', 'permalink_url', 'reactions', 'comments', 'shares'];
/** Those of https://developers.facebook.com/docs/graph-api/reference/insights that are left since June 2026, as far as they matter here. */
const POST_METRICS = ['post_media_view', 'post_total_media_view_unique', 'post_clicks'];

function edgeOf({ method, path }: GraphRequest, pageId: string, appId: string): string {
  const [node = '', edge] = path.split('/');
  if (method === 'DELETE') return 'DELETE Post';
  const kind =
    node === pageId
      ? 'Page'
      : node === appId
        ? 'App'
        : node === 'me' || node === 'app'
          ? node
          : node.startsWith('upload:')
            ? 'Upload'
            : edge === undefined && !node.includes('_')
              ? 'AdVideo'
              : 'PagePost';
  return `${method} ${kind}${edge === undefined ? '' : `/${edge}`}`;
}
