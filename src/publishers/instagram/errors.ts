/**
 * The codes that only Instagram has; those that it shares with Facebook are in meta/codes.ts.
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
 */
import type { ErrorRow, Meaning, MetaNetwork } from '../meta/network.ts';
import type { Login } from './settings.ts';

const rows = (means: Meaning, subcodes: readonly number[], hint?: string): readonly ErrorRow[] =>
  subcodes.map((subcode) => ({ subcode, means, ...(hint ? { hint } : {}) }));

const codes = (means: Meaning, numbers: readonly number[]): readonly ErrorRow[] =>
  numbers.map((code) => ({ code, means }));

/** Subcodes decide alone here: the codes 1, 4, 24 and 100 mean something else than their subcodes. */
const ERRORS: readonly ErrorRow[] = [
  // Fetching timed out, a fault of Instagram's servers, a container that it cannot find yet.
  ...rows('transient', [2207003, 2207001, 2207008]),
  ...rows('not ready', [2207027]),
  ...rows('unreachable media', [2207052]),
  ...rows('prepare anew', [2207020, 2207032, 2207053, 2207006]),
  ...rows('quota', [2207042]),
  ...rows(
    'blocked',
    [2207051],
    'Instagram takes the account’s posts for spam: log in to the app, do what it asks, wait a day and post more slowly; then /retry.',
  ),
  ...rows(
    'blocked',
    [2207050],
    'The account is inactive or restricted: log in to the Instagram app and do what it asks; then /retry.',
  ),
  ...rows('content', [2207057, 2207023, 2207028, 2207035, 2207036, 2207037, 2207040]),
  ...rows(
    'content',
    [2207010],
    'The caption is too long, or has too many hashtags or mentions: shorten it with /edit, then /retry.',
  ),
  ...rows(
    'media',
    [2207026],
    'Instagram does not take this kind of video: export it as MP4 with H.264 and AAC.',
  ),
  ...rows('media', [2207004], 'The file is too large: attach a smaller one with /edit, then /retry.'),
  ...rows(
    'media',
    [2207005],
    'Instagram does not take this kind of file: attach a JPEG with /edit, then /retry.',
  ),
  ...rows(
    'media',
    [2207009],
    'The shape must be between 4:5 and 1.91:1: attach another one with /edit, then /retry.',
  ),
  ...codes('transient', [-1, -2]),
  ...codes('not ready', [9007]),
  ...codes('unreachable media', [9004]),
  ...codes('prepare anew', [24]),
  ...codes('quota', [9]),
  ...codes('blocked', [25]),
  ...codes('media', [352, 36000, 36001, 36003]),
  ...codes('content', [36004]),
];

const RIGHTS: Readonly<Record<Login, string>> = {
  facebook:
    'instagram_basic, instagram_content_publish and pages_read_engagement (to delete: instagram_manage_contents; for first comments: instagram_manage_comments)',
  instagram:
    'instagram_business_basic and instagram_business_content_publish (for first comments: instagram_business_manage_comments)',
};

export function instagramNetwork(login: Login): MetaNetwork {
  return {
    network: 'instagram',
    label: 'Instagram',
    site: 'instagram.com',
    variables: { id: 'INSTAGRAM_USER_ID', token: 'INSTAGRAM_ACCESS_TOKEN', address: 'INSTAGRAM_API_URL' },
    rights: RIGHTS[login],
    errors: ERRORS,
  };
}
