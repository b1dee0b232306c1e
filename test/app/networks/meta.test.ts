/** Facebook and Instagram from the terminal to their simulators. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Test } from '../../e2e/program.ts';
import { noise } from '../../media/samples.ts';
import { startFacebookSimulator } from '../../simulators/meta/facebook.ts';
import { startInstagramSimulator } from '../../simulators/meta/instagram.ts';
import { type Inside, startInside } from '../inside.ts';

const PUBLIC_URL = 'https://bot.example.org';

async function startFacebook(t: Test) {
  const facebook = await startFacebookSimulator({ processingMs: 0 });
  t.onTestFinished(() => facebook.stop());
  const env = {
    FACEBOOK_PAGE_ID: facebook.pageId,
    FACEBOOK_PAGE_TOKEN: facebook.token,
    FACEBOOK_API_URL: facebook.apiUrl,
    FACEBOOK_UPLOAD_URL: facebook.uploadUrl,
  };
  return { facebook, program: await startInside(t, { env }) };
}

async function startInstagram(t: Test, more: Record<string, string> = { PUBLIC_URL }) {
  const instagram = await startInstagramSimulator({ processingMs: 0 });
  t.onTestFinished(() => instagram.stop());
  const env = {
    INSTAGRAM_USER_ID: instagram.userId,
    INSTAGRAM_ACCESS_TOKEN: instagram.token,
    INSTAGRAM_API_URL: instagram.apiUrl,
    FACEBOOK_UPLOAD_URL: instagram.uploadUrl,
    ...more,
  };
  const program = await startInside(t, { env });
  instagram.options.reach = (address) => address.replace(PUBLIC_URL, program.web);
  return { instagram, program };
}

async function pictures({ folder }: Inside, ...names: string[]): Promise<void> {
  for (const name of names) await noise(640, 520).png().toFile(join(folder, name));
}

function clip({ folder }: Inside): void {
  copyFileSync(
    fileURLToPath(new URL('../../media/fixtures/clip.mp4', import.meta.url)),
    join(folder, 'clip.mp4'),
  );
}

// Side by side: they wait for the pauses that the networks ask for.
describe.concurrent('a post to Facebook', () => {
  it('stands on the page with its card and its first comment, and its address comes back', async (t) => {
    const { facebook, program } = await startFacebook(t);
    program.type('/accounts');
    await program.sees('Facebook acmebells');
    program.type('/post to:facebook link:https://example.org/menu first_comment:"Come in" Fish & chips');
    const [, address] = await program.sees(/“Fish [^\n]*\n\[ok\] Facebook acmebells {2}published (\S+)/);
    const [post] = facebook.posts();
    expect(post).toMatchObject({ message: 'Fish & chips', link: 'https://example.org/menu' });
    expect(address).toBe(`https://www.facebook.com/${post?.id}`);
    expect(facebook.comments()).toEqual([{ on: post?.id, message: 'Come in' }]);
    expect(await program.wall()).toEqual([]);
  });

  it('carries an album with descriptions, and a video', async (t) => {
    const { facebook, program } = await startFacebook(t);
    await pictures(program, 'one.png', 'two.png');
    clip(program);
    program.type('/post to:facebook media:one.png alt:"First" media:two.png alt:"Second" An album');
    program.type('/post to:facebook media:clip.mp4 A video');
    await program.sees(/“An album”\n\[ok\]/);
    await program.sees(/“A video”\n\[ok\]/);
    expect(facebook.posts()[0]?.photos.map(({ alt }) => alt)).toEqual(['First', 'Second']);
    expect(facebook.videos()).toMatchObject([{ description: 'A video' }]);
  });

  it('whose answer is lost is found by looking and is not sent again', async (t) => {
    const { facebook, program } = await startFacebook(t);
    facebook.faults.next('POST', /\/feed$/, { do: 'drop', when: 'after' });
    program.type('/post to:facebook Lost answer');
    await program.sees(/“Lost answer”\n\[ok\] Facebook acmebells {2}published https/);
    expect(facebook.posts()).toHaveLength(1);
  });

  it('stops the page when its token is withdrawn, and says why', async (t) => {
    const { facebook, program } = await startFacebook(t);
    facebook.refuseAll({ code: 190, error_subcode: 460, message: 'The password was changed.' });
    program.type('/post to:facebook First');
    await program.sees(/“First”\n\[failed\] Facebook acmebells[\s\S]*The password was changed/);
    expect(facebook.posts()).toEqual([]);
  });
});

describe.concurrent('a post to Instagram', () => {
  it('has its pictures fetched from the program by signed links', async (t) => {
    const { instagram, program } = await startInstagram(t);
    await pictures(program, 'one.png', 'two.png');
    clip(program);
    program.type('/post to:instagram media:one.png alt:"First" media:two.png A carousel');
    const [, address] = await program.sees(/“A carousel”\n\[ok\] Instagram acme\.bells {2}published (\S+)/);
    const [medium] = instagram.media();
    expect(address).toBe(`https://www.instagram.com/p/${medium?.id.slice(-6)}/`);
    expect(medium?.container.children.map(({ kind, alt }) => [kind, alt])).toEqual([
      ['image', 'First'],
      ['image', undefined],
    ]);
    // A signature must never be in a log.
    expect(program.output + program.errors).not.toContain('sig=');
  });

  it('with a picture is refused when it is scheduled, as long as there is no public address', async (t) => {
    const { instagram, program } = await startInstagram(t, {});
    await pictures(program, 'one.png');
    program.type('/post to:instagram media:one.png A picture');
    await program.sees(/Instagram fetches pictures from a public address/);
    expect(instagram.requests.filter((each) => each.method === 'POST')).toEqual([]);
  });

  it('whose answer is lost is found by its container and is not sent again', async (t) => {
    const { instagram, program } = await startInstagram(t);
    await pictures(program, 'one.png');
    instagram.faults.next('POST', /media_publish$/, { do: 'drop', when: 'after' });
    program.type('/post to:instagram media:one.png Lost answer');
    await program.sees(/“Lost answer”\n\[ok\] Instagram acme\.bells {2}published https/);
    expect(instagram.media()).toHaveLength(1);
  });
});
