/** What errors are called on Facebook. It has no codes beyond those that Meta's networks share (meta/codes.ts). */
import type { MetaNetwork } from '../meta/network.ts';

export const facebookNetwork: MetaNetwork = {
  network: 'facebook',
  label: 'Facebook',
  site: 'facebook.com',
  variables: { id: 'FACEBOOK_PAGE_ID', token: 'FACEBOOK_PAGE_TOKEN', address: 'FACEBOOK_API_URL' },
  rights: 'pages_manage_posts and pages_read_engagement (for first comments also pages_manage_engagement)',
  errors: [],
};
