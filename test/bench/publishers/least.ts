/**
 * The calls that each network's documentation asks for, kind by kind, and those that are made beside them on purpose. Ids are left
 * out of the paths.
 */

export type Kind = 'text' | 'link' | 'picture' | 'album' | 'video' | 'reel';

export interface Sequence {
  readonly source: string;
  readonly calls: readonly string[];
  /** Calls that are not needed to publish, each with the reason why it is made. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** Pictures of an album or a carousel, and the bytes of a video. */
export const ALBUM_PICTURES = 3;
export const VIDEO_BYTES = 20_000_000;

const repeated = (count: number, call: string): readonly string[] => Array(count).fill(call) as string[];

/**
 * The official examples send 1 MiB. 5 MB are documented, but X's own edge refuses them with 413 (github.com/trypostit/trypost/pull/31).
 * https://docs.x.com/x-api/media/quickstart/media-upload-chunked
 */
const X_SEGMENTS = Math.ceil(VIDEO_BYTES / 1024 ** 2);

const INSTAGRAM = 'https://developers.facebook.com/docs/instagram-platform/content-publishing';
const INSTAGRAM_ADDRESS = {
  'GET :id permalink': 'the address that people are told; no answer before has it',
};

export const LEAST: Readonly<Record<string, Readonly<Partial<Record<Kind, Sequence>>>>> = {
  facebook: {
    text: { source: 'https://developers.facebook.com/docs/pages-api/posts', calls: ['POST :id/feed'] },
    link: { source: 'https://developers.facebook.com/docs/pages-api/posts', calls: ['POST :id/feed'] },
    picture: {
      source: 'https://developers.facebook.com/docs/graph-api/reference/page/photos',
      calls: ['POST :id/photos'],
    },
    album: {
      source: 'https://developers.facebook.com/docs/graph-api/reference/page/photos',
      calls: [...repeated(ALBUM_PICTURES, 'POST :id/photos'), 'POST :id/feed'],
    },
    video: {
      source: 'https://developers.facebook.com/docs/video-api/guides/publishing',
      calls: ['POST :id/uploads', 'POST upload:', 'POST :id/videos'],
      beside: { 'GET :id status': 'an id alone does not say that the page shows the video' },
    },
    reel: {
      source: 'https://developers.facebook.com/documentation/video-api/guides/reels-publishing',
      calls: ['POST :id/video_reels', 'POST video-upload', 'POST :id/video_reels', 'GET :id status'],
    },
  },
  instagram: {
    picture: {
      source: INSTAGRAM,
      calls: ['POST :id/media', 'GET :id status', 'POST :id/media_publish'],
      beside: INSTAGRAM_ADDRESS,
    },
    album: {
      source: INSTAGRAM,
      calls: [
        ...repeated(ALBUM_PICTURES, 'POST :id/media'),
        ...repeated(ALBUM_PICTURES, 'GET :id status'),
        'POST :id/media',
        'GET :id status',
        'POST :id/media_publish',
      ],
      beside: INSTAGRAM_ADDRESS,
    },
    reel: {
      source: INSTAGRAM,
      calls: ['POST :id/media', 'POST ig-api-upload', 'GET :id status', 'POST :id/media_publish'],
      beside: {
        'GET :id/content_publishing_limit': 'so that no video is sent in vain',
        ...INSTAGRAM_ADDRESS,
      },
    },
  },
  pinterest: {
    picture: { source: 'https://developers.pinterest.com/docs/api/v5/pins-create', calls: ['POST pins'] },
    album: { source: 'https://developers.pinterest.com/docs/api/v5/pins-create', calls: ['POST pins'] },
    video: {
      source:
        'https://developers.pinterest.com/docs/work-with-organic-content-and-users/create-boards-and-pins/',
      calls: ['POST media', 'POST store', 'GET media/:id', 'POST pins'],
    },
  },
  tumblr: {
    text: { source: 'https://github.com/tumblr/docs/blob/master/api.md', calls: ['POST posts'] },
    link: { source: 'https://github.com/tumblr/docs/blob/master/api.md', calls: ['POST posts'] },
    picture: { source: 'https://github.com/tumblr/docs/blob/master/npf-spec.md', calls: ['POST posts'] },
    album: { source: 'https://github.com/tumblr/docs/blob/master/npf-spec.md', calls: ['POST posts'] },
    video: {
      source: 'https://github.com/tumblr/docs/blob/master/npf-spec.md',
      calls: ['POST posts'],
      beside: { 'GET user/limits': 'so that no video is sent in vain' },
    },
  },
  x: {
    text: { source: 'https://docs.x.com/x-api/posts/create-post', calls: ['POST tweets'] },
    link: { source: 'https://docs.x.com/x-api/posts/create-post', calls: ['POST tweets'] },
    picture: {
      source: 'https://docs.x.com/x-api/media/upload-media',
      calls: ['POST media/upload', 'POST media/metadata', 'POST tweets'],
    },
    album: {
      source: 'https://docs.x.com/x-api/media/upload-media',
      calls: [
        ...repeated(ALBUM_PICTURES, 'POST media/upload'),
        ...repeated(ALBUM_PICTURES, 'POST media/metadata'),
        'POST tweets',
      ],
    },
    video: {
      source: 'https://docs.x.com/x-api/media/quickstart/media-upload-chunked',
      calls: [
        'POST media/upload/initialize',
        ...repeated(X_SEGMENTS, 'POST media/upload/:id/append'),
        'POST media/upload/:id/finalize',
        'GET media/upload',
        'POST tweets',
      ],
    },
  },
};
