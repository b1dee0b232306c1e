/** Tumblr from the terminal to its simulator. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Test } from '../../e2e/program.ts';
import { noise } from '../../media/samples.ts';
import { startTumblrSimulator } from '../../simulators/tumblr/server.ts';
import { startInside } from '../inside.ts';

async function start(t: Test, settings: Parameters<typeof startTumblrSimulator>[0] = {}, blog?: string) {
  const tumblr = await startTumblrSimulator(settings);
  t.onTestFinished(() => tumblr.stop());
  const env = {
    TUMBLR_CONSUMER_KEY: tumblr.credentials.consumerKey,
    TUMBLR_CONSUMER_SECRET: tumblr.credentials.consumerSecret,
    TUMBLR_TOKEN: tumblr.credentials.token,
    TUMBLR_TOKEN_SECRET: tumblr.credentials.tokenSecret,
    TUMBLR_BLOG: blog ?? tumblr.blog.name,
    TUMBLR_API_URL: tumblr.url,
  };
  return { tumblr, program: await startInside(t, { env }) };
}

// Side by side: they wait for the pauses that the networks ask for.
describe.concurrent('a post to Tumblr', () => {
  it('stands on the blog, tells its address and its numbers, and is removed again', async (t) => {
    const notes = { likes: 3, reblogs: 1, replies: 0 };
    const { tumblr, program } = await start(t, { notes }, 'https://acme-bells.tumblr.com/');
    program.type('/accounts');
    await program.sees('Tumblr acme-bells');
    program.type('/post to:tumblr title:Bells link:https://example.org/menu Ding dong #bells');
    const [, address] = await program.sees(/“Ding [^\n]*\n\[ok\] Tumblr acme-bells {2}published (\S+)/);
    const [post] = tumblr.posts();
    expect(post?.blocks).toEqual([
      { type: 'text', subtype: 'heading1', text: 'Bells' },
      { type: 'text', text: 'Ding dong #bells' },
      { type: 'link', url: 'https://example.org/menu' },
    ]);
    expect(post?.tags).toEqual(['bells']);
    expect(address).toBe(`https://www.tumblr.com/acme-bells/${post?.id}`);
    expect(await program.wall()).toEqual([]);
    const [, id] = await program.sees(/#([A-Z0-9]{5}) · published/);
    program.type(`/stats ${id}`);
    await program.sees('[ok] Tumblr acme-bells  3 likes · 0 comments · 1 share');
    program.type(`/remove ${id}`);
    await program.sees('1 Remove it');
    program.type('1');
    await program.sees(/“Ding [^\n]*\n\[off\] Tumblr acme-bells {2}removed/);
    expect(tumblr.posts()).toEqual([]);
  });

  it('carries pictures and a video, which it waits for', async (t) => {
    const { tumblr, program } = await start(t, { transcodingMs: 10 });
    for (const name of ['one.png', 'two.png']) await noise(640, 520).png().toFile(join(program.folder, name));
    copyFileSync(
      fileURLToPath(new URL('../../media/fixtures/clip.mp4', import.meta.url)),
      join(program.folder, 'clip.mp4'),
    );
    program.type('/post to:tumblr media:one.png alt:"First" media:two.png media:clip.mp4 All of it');
    await program.sees(/“All of it”\n\[ok\] Tumblr acme-bells {2}published https/);
    expect(tumblr.posts()[0]?.files.map(({ kind, alt }) => [kind, alt])).toEqual([
      ['image', 'First'],
      ['image', undefined],
      ['video', undefined],
    ]);
  });

  it('whose answer is lost is found by looking and is not sent again', async (t) => {
    const { tumblr, program } = await start(t);
    tumblr.faults.next('POST', /\/posts$/, { do: 'drop', when: 'after' });
    program.type('/post to:tumblr Lost answer');
    await program.sees(/“Lost answer”\n\[ok\] Tumblr acme-bells {2}published https/);
    expect(tumblr.posts()).toHaveLength(1);
  });

  it('waits when the day is spent, and fails with a reason when the access is withdrawn', async (t) => {
    const { tumblr, program } = await start(t);
    tumblr.revoke();
    program.type('/post to:tumblr Refused');
    await program.sees(/“Refused”\n\[failed\] Tumblr acme-bells[\s\S]*Tumblr refuses the credentials/);
    expect(tumblr.posts()).toEqual([]);
  });
});
