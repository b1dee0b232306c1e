/** A simulated Instagram account: containers, what was published of them, comments, and the allowance of a day. Doubles show. */
import {
  type ContainerOptions,
  createContainers,
  noContainer,
  type SimulatedContainer,
} from './containers.ts';
import { type GraphNetwork, type GraphRequest, type GraphServers, startGraph } from './graph.ts';
import { checkFields, type InsightOptions, NO_NUMBERS, readInsights } from './insights.ts';
import { checkParameters } from './parameters.ts';
import { refuse, unknownObject } from './refusal.ts';

export interface SimulatedMedia {
  readonly id: string;
  readonly container: SimulatedContainer;
  readonly at: number;
}

export interface InstagramOptions extends ContainerOptions, InsightOptions {
  login: 'facebook' | 'instagram';
  /** Posts in 24 hours. */
  quotaTotal: number;
  /** A medium is in the list only after so many milliseconds. */
  lagMs: number;
}

export interface InstagramSimulator extends GraphServers {
  readonly userId: string;
  readonly token: string;
  readonly options: InstagramOptions;
  /** Everything that was published and not deleted. */
  media(): readonly SimulatedMedia[];
  containers(): readonly SimulatedContainer[];
  comments(): readonly { readonly on: string; readonly message: string }[];
  /** Instagram knows a container no more. */
  forget(id: string): void;
}

const DAY_MS = 86_400_000;

const MEDIA_FIELDS = [
  ...['id', 'caption', 'timestamp', 'permalink', 'shortcode', 'media_type'],
  ...['media_product_type', 'like_count', 'comments_count'],
];
/** https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights */
const METRICS = {
  FEED: ['likes', 'comments', 'saved', 'follows', 'profile_visits', 'profile_activity'],
  REELS: ['likes', 'comments', 'saved', 'ig_reels_avg_watch_time', 'ig_reels_video_view_total_time'],
  STORY: ['replies', 'navigation', 'follows', 'profile_visits', 'profile_activity'],
};
const COMMON_METRICS = ['views', 'reach', 'shares', 'total_interactions'];

const productOf = ({ kind, isStory }: SimulatedContainer): keyof typeof METRICS =>
  isStory ? 'STORY' : kind === 'video' ? 'REELS' : 'FEED';

/** The name of a medium in its address; no call takes it. */
const shortcodeOf = (id: string): string => id.slice(-6);

export async function startInstagramSimulator(
  settings: { now?: () => Date; port?: number } & Partial<InstagramOptions> = {},
): Promise<InstagramSimulator> {
  const { now: clock = () => new Date(), port = 0, ...given } = settings;
  const now = (): number => clock().getTime();
  const options: InstagramOptions = {
    login: 'facebook',
    imageMs: 0,
    processingMs: 20_000,
    failures: [],
    lifeMs: DAY_MS,
    reach: (address) => address,
    cutAfter: [],
    quotaTotal: 100,
    lagMs: 0,
    ...NO_NUMBERS,
    ...given,
  };
  const userId = '17841400000000001';
  const token = options.login === 'facebook' ? 'EAAB-user-token-99' : 'IGAA-user-token-99';
  let media: SimulatedMedia[] = [];
  const published: number[] = [];
  const everPublished = new Set<string>();
  const comments: { on: string; message: string }[] = [];
  let last = 17_900_000_000_000_000n;
  const nextId = (): string => {
    last += 1n;
    return String(last);
  };
  let containers: ReturnType<typeof createContainers>;

  const used = (): number => published.filter((at) => at > now() - DAY_MS).length;

  const publish = ({ fields }: GraphRequest): unknown => {
    const container = containers.find(fields.creation_id ?? '');
    const status = containers.statusOf(container);
    if (container.isChild) throw noContainer();
    if (status === 'PUBLISHED') throw refuse(100, 'The container was published already');
    if (status === 'EXPIRED') throw refuse(-2, 'The container has expired', { error_subcode: 2207020 });
    if (status !== 'FINISHED') throw refuse(9007, 'Media ID is not available', { error_subcode: 2207027 });
    if (used() >= options.quotaTotal)
      throw refuse(9, 'Application request limit reached', { error_subcode: 2207042 });
    published.push(now());
    container.isPublished = true;
    const made: SimulatedMedia = { id: nextId(), container, at: now() };
    media.push(made);
    everPublished.add(made.id);
    return { id: made.id };
  };

  /** Stories are in a list of their own, for a day. */
  const stories = (): unknown => ({
    data: media
      .filter(({ container, at }) => container.isStory && isShown(at) && at > now() - DAY_MS)
      .reverse()
      .map(read),
  });

  const isShown = (at: number): boolean => at + options.lagMs <= now();

  const list = ({ fields }: GraphRequest): unknown => {
    const since = Number(fields.since ?? 0) * 1000;
    const limit = Number(fields.limit ?? 25);
    const from = Number(fields.after ?? 0);
    const visible = media
      .filter(({ container, at }) => !container.isStory && at >= since && isShown(at))
      .reverse();
    const isMore = from + limit < visible.length;
    return {
      data: visible.slice(from, from + limit).map(read),
      paging: {
        cursors: { after: String(from + limit) },
        ...(isMore ? { next: 'https://graph.facebook.com/next' } : {}),
      },
    };
  };

  const read = ({ id, container, at }: SimulatedMedia): Record<string, unknown> => ({
    id,
    ...(container.caption === '' ? {} : { caption: container.caption }),
    timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, '+0000'),
    ...(container.isStory
      ? { permalink: `https://www.instagram.com/stories/acme/9${id}` }
      : { permalink: `https://www.instagram.com/p/${shortcodeOf(id)}/`, shortcode: shortcodeOf(id) }),
    media_type: { image: 'IMAGE', video: 'VIDEO', carousel: 'CAROUSEL_ALBUM' }[container.kind],
  });

  const findMedia = (id: string): SimulatedMedia => {
    const found = media.find((each) => each.id === id);
    if (!found) throw unknownObject(id);
    return found;
  };

  const counted = ({ container }: SimulatedMedia): object => ({
    media_product_type: productOf(container),
    like_count: options.numbers.likes ?? 0,
    comments_count: options.numbers.comments ?? 0,
  });

  const comment = (id: string, { fields }: GraphRequest): unknown => {
    findMedia(id);
    if (!fields.message) throw refuse(100, 'message is required');
    comments.push({ on: id, message: fields.message });
    return { id: nextId() };
  };

  const remove = (id: string): unknown => {
    if (options.login !== 'facebook') throw refuse(10, 'Deleting needs the login of Facebook');
    findMedia(id);
    media = media.filter((each) => each.id !== id);
    return { success: true };
  };

  const makeNetwork = ({
    uploadUrl,
    violations,
  }: {
    uploadUrl: string;
    violations: string[];
  }): GraphNetwork => {
    containers = createContainers(now, nextId, uploadUrl, options);
    return {
      bytes(host, { path, headers }) {
        const id = /^ig-api-upload\/v25\.0\/(\d+)$/.exec(path)?.[1];
        return host === 'upload' && id ? containers.bytes(id, headers) : undefined;
      },
      answer(request) {
        const [id = '', edgeName] = request.path.split('/');
        const node =
          id === userId
            ? 'IGUser'
            : everPublished.has(id) || edgeName || request.method === 'DELETE'
              ? 'IGMedia'
              : 'IGContainer';
        const edge = `${request.method} ${node}${edgeName === undefined ? '' : `/${edgeName}`}`;
        violations.push(...checkParameters(edge, request));
        switch (edge) {
          case 'GET IGUser':
            return { id: userId, username: 'acme.bells', name: 'Acme Bells' };
          case 'GET IGUser/media':
            return list(request);
          case 'GET IGUser/stories':
            return stories();
          case 'GET IGUser/content_publishing_limit':
            return {
              data: [
                { quota_usage: used(), config: { quota_total: options.quotaTotal, quota_duration: 86_400 } },
              ],
            };
          case 'POST IGUser/media':
            return containers.make(request);
          case 'POST IGUser/media_publish':
            return publish(request);
          case 'GET IGContainer':
            return containers.read(id, request);
          case 'GET IGMedia':
            checkFields(request, MEDIA_FIELDS);
            return { ...read(findMedia(id)), ...counted(findMedia(id)) };
          case 'GET IGMedia/insights':
            return readInsights(
              id,
              request,
              [...COMMON_METRICS, ...METRICS[productOf(findMedia(id).container)]],
              options,
            );
          case 'POST IGMedia/comments':
            return comment(id, request);
          default:
            return remove(id);
        }
      },
    };
  };
  const servers = await startGraph(token, makeNetwork, port);
  return {
    ...servers,
    userId,
    token,
    options,
    media: () => media,
    containers: () => [...containers.all.values()],
    comments: () => comments,
    forget: (id) => void containers.forget(id),
  };
}
