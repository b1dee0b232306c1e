/** The built program with the credentials of every network at once. What each network does is in test/app/networks. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noise } from '../media/samples.ts';
import { startFacebookSimulator } from '../simulators/meta/facebook.ts';
import { startInstagramSimulator } from '../simulators/meta/instagram.ts';
import { startPinterestSimulator } from '../simulators/pinterest/server.ts';
import { startTumblrSimulator } from '../simulators/tumblr/server.ts';
import { startProgram } from './program.ts';
import { startX } from './x.ts';

const PUBLIC_URL = 'https://bot.example.org';

it('publishes on all of them, renews an access, tells a refusal, and prints no secret', async (t) => {
  const [{ x, env: ofX }, facebook, instagram, pinterest, tumblr] = await Promise.all([
    startX(t),
    startFacebookSimulator({ processingMs: 0 }),
    startInstagramSimulator({ processingMs: 0 }),
    startPinterestSimulator(),
    startTumblrSimulator(),
  ]);
  for (const simulator of [facebook, instagram, pinterest, tumblr]) t.onTestFinished(() => simulator.stop());
  const first = pinterest.tokens();
  const { X_API_URL = '', ...xSecrets } = ofX;
  const secrets = {
    ...xSecrets,
    FACEBOOK_PAGE_TOKEN: facebook.token,
    INSTAGRAM_ACCESS_TOKEN: instagram.token,
    PINTEREST_ACCESS_TOKEN: first.accessToken,
    PINTEREST_REFRESH_TOKEN: first.refreshToken,
    PINTEREST_APP_SECRET: pinterest.app.secret,
    TUMBLR_CONSUMER_SECRET: tumblr.credentials.consumerSecret,
    TUMBLR_TOKEN_SECRET: tumblr.credentials.tokenSecret,
  };
  const program = await startProgram(t, {
    env: {
      ...secrets,
      PUBLIC_URL,
      X_API_URL,
      FACEBOOK_PAGE_ID: facebook.pageId,
      FACEBOOK_API_URL: facebook.apiUrl,
      FACEBOOK_UPLOAD_URL: facebook.uploadUrl,
      INSTAGRAM_USER_ID: instagram.userId,
      INSTAGRAM_API_URL: instagram.apiUrl,
      PINTEREST_APP_ID: pinterest.app.id,
      PINTEREST_BOARD_ID: '549755885175001',
      PINTEREST_API_URL: pinterest.url,
      TUMBLR_CONSUMER_KEY: tumblr.credentials.consumerKey,
      TUMBLR_TOKEN: tumblr.credentials.token,
      TUMBLR_BLOG: tumblr.blog.name,
      TUMBLR_API_URL: tumblr.url,
    },
  });
  instagram.options.reach = (address) => address.replace(PUBLIC_URL, program.web);
  pinterest.expire();
  await noise(640, 520).jpeg().toFile(join(program.folder, 'bell.jpg'));
  program.type('/post to:all media:bell.jpg alt:"A bell" Ding');
  await program.sees(/· published\n“Ding”(\n\[ok\] [^\n]* {2}published https:\S+){5}\n/);
  expect(
    [facebook.posts(), instagram.media(), pinterest.pins(), tumblr.posts(), x.tweets()].map(
      ({ length }) => length,
    ),
  ).toEqual([1, 1, 1, 1, 1]);
  expect(await program.wall()).toEqual([]);

  tumblr.revoke();
  program.type('/post to:tumblr Refused');
  await program.sees(/“Refused”\n\[failed\] Tumblr [\s\S]*Tumblr refuses the credentials/);
  const said = program.output + program.errors;
  const { accessToken, refreshToken } = pinterest.tokens();
  expect(accessToken).not.toBe(first.accessToken);
  for (const [name, secret] of Object.entries({ ...secrets, accessToken, refreshToken }))
    expect(said.includes(secret), name).toBe(false);
  // A signature makes a medium's address a secret, too.
  expect(said).not.toContain('sig=');
});
