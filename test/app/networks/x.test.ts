/** X from the terminal, through the real client library, to a simulated X. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../e2e/program.ts';
import { CREATE, creations, eventually, startX, timelines } from '../../e2e/x.ts';
import { noise } from '../../media/samples.ts';
import { startInside } from '../inside.ts';

// Side by side: they wait for the pauses that the networks ask for.
describe.concurrent('a post to X', () => {
  it('stands there with its words, its address comes back, and a next start knows that it was the last for now', async (t) => {
    const { x, env } = await startX(t);
    x.setLimit('POST /2/tweets', 1);
    const folder = newFolder(t);
    const program = await startInside(t, { env, folder });
    program.type('/accounts');
    await program.sees('X acme');
    program.type('/post to:x Fish & chips <today> https://example.org/menu');
    const [, address] = await program.sees(/“Fish [^\n]*\n\[ok\] X acme {2}published (\S+)/);
    expect(x.tweets()).toMatchObject([{ sent: 'Fish & chips <today> https://example.org/menu' }]);
    expect(address).toBe(`https://x.com/acme/status/${x.tweets()[0]?.id}`);
    expect(await program.wall()).toEqual([]);
    await program.stop();
    const next = await startInside(t, { env, folder });
    next.type('/post to:x One more');
    await next.sees(/\[waiting\] X acme {2}Calls to X are held back, [^\n]* Goes on /);
    expect(creations(x)).toBe(1);
  });

  it('carries pictures with their descriptions, and a video', async (t) => {
    const { x, env } = await startX(t);
    const program = await startInside(t, { env });
    await noise(400, 300).jpeg().toFile(join(program.folder, 'one.jpg'));
    await noise(200, 300).png().toFile(join(program.folder, 'two.png'));
    copyFileSync(
      fileURLToPath(new URL('../../media/fixtures/clip.mp4', import.meta.url)),
      join(program.folder, 'clip.mp4'),
    );
    program.type('/post to:x media:one.jpg alt:"First" media:two.png alt:"Second" Two pictures');
    program.type('/post to:x media:clip.mp4 A video');
    await program.sees(/“Two pictures”\n\[ok\]/);
    await program.sees(/“A video”\n\[ok\]/);
    const [pictures, video] = [...x.tweets()].sort((a, b) => b.sent.length - a.sent.length);
    expect(pictures?.media.map(({ category, alt }) => [category, alt])).toEqual([
      ['tweet_image', 'First'],
      ['tweet_image', 'Second'],
    ]);
    expect(video?.media).toMatchObject([{ category: 'tweet_video', state: 'succeeded' }]);
  });

  it('waits until the instant that X names when it asks to slow down, and goes out once then', async (t) => {
    const { x, env } = await startX(t);
    const program = await startInside(t, { env });
    const reset = Math.ceil(Date.now() / 1000) + 2;
    const headers = {
      'x-rate-limit-limit': '1',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(reset),
    };
    x.faults.next('POST', CREATE, {
      do: 'answer',
      status: 429,
      body: { title: 'Too Many Requests' },
      headers,
    });
    program.type('/post to:x Patience');
    await program.sees(/\[waiting\] X acme {2}[^\n]*Goes on/);
    program.type('/post to:x Behind it');
    await program.sees(/“Patience”\n\[ok\]/);
    await program.sees(/“Behind it”\n\[ok\]/);
    expect(
      x
        .tweets()
        .map(({ sent }) => sent)
        .sort(),
    ).toEqual(['Behind it', 'Patience']);
    for (const { createdAt } of x.tweets()) expect(createdAt.getTime()).toBeGreaterThanOrEqual(reset * 1000);
    // The second one knew of the limit and did not run into it.
    expect(creations(x)).toBe(3);
  });

  it('whose answer is lost is found by looking and is not sent again', async (t) => {
    const { x, env } = await startX(t);
    const program = await startInside(t, { env });
    x.faults.next('POST', CREATE, { do: 'drop', when: 'after' });
    program.type('/post to:x Lost answer');
    await program.sees(/“Lost answer”\n\[ok\] X acme {2}published https/);
    expect(x.tweets()).toHaveLength(1);
    expect(creations(x)).toBe(1);
    expect(program.output.match(/“Lost answer”\n\[ok\]/g)).toHaveLength(1);
  });

  it('with words that are queued already is warned of before, and X’s own refusal never makes a second one', async (t) => {
    const { x, env } = await startX(t);
    const program = await startInside(t, { env });
    program.type('/post to:x Same words');
    await program.sees(/“Same words”\n\[ok\]/);
    program.type('/post to:x Same words');
    await program.sees(/Nothing goes out yet: [^\n]* says the same words\. Is that meant\?/);
    expect(creations(x)).toBe(1);
    const before = program.output.length;
    program.type('1');
    await program.logs('a step failed');
    await eventually('a look at the timeline', () => timelines(x) > 0);
    program.type('/queue');
    await program.sees(/\[working\] #[A-Z0-9]+/, before);
    // It is not taken for the other one: X shows new posts late, so its absence is believed only after minutes.
    expect(program.output.slice(before)).not.toMatch(/· published|\[ok\]/);
    expect(creations(x)).toBe(2);
    expect(x.tweets()).toHaveLength(1);
  });

  it('stops the account, not the program, when the credentials are withdrawn; later posts wait', async (t) => {
    const { x, env } = await startX(t);
    const program = await startInside(t, { env });
    x.revoke();
    program.type('/post to:x First');
    await program.sees(/“First”\n\[failed\] X acme/);
    program.type('/post to:x Second');
    await program.sees(/needs you\n“Second”\n\[question\] X acme {2}waits for the account/);
    expect(creations(x)).toBe(1);
    expect((await program.health()).status).toBe(200);
    program.type('/accounts');
    await program.sees(/\[failed\] X acme/);
  });
});
