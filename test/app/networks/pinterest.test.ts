/** Pinterest from the terminal to its simulator. */
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Test } from '../../e2e/program.ts';
import { noise } from '../../media/samples.ts';
import { startPinterestSimulator } from '../../simulators/pinterest/server.ts';
import { type Inside, startInside } from '../inside.ts';

async function start(t: Test, settings: Parameters<typeof startPinterestSimulator>[0] = {}) {
  const pinterest = await startPinterestSimulator(settings);
  t.onTestFinished(() => pinterest.stop());
  const { accessToken, refreshToken } = pinterest.tokens();
  const env = {
    PINTEREST_ACCESS_TOKEN: accessToken,
    PINTEREST_REFRESH_TOKEN: refreshToken,
    PINTEREST_APP_ID: pinterest.app.id,
    PINTEREST_APP_SECRET: pinterest.app.secret,
    PINTEREST_BOARD_ID: '549755885175001',
    PINTEREST_API_URL: pinterest.url,
  };
  return { pinterest, program: await startInside(t, { env }) };
}

async function picture({ folder }: Inside, name: string): Promise<void> {
  await noise(640, 520).png().toFile(join(folder, name));
}

// Side by side: they wait for the pauses that the networks ask for.
describe.concurrent('a post to Pinterest', () => {
  it('is pinned to the board that is named, or to the usual one', async (t) => {
    const { pinterest, program } = await start(t, { trial: true });
    await picture(program, 'one.png');
    await picture(program, 'two.png');
    program.type('/accounts');
    await program.sees('Pinterest acme');
    program.type('/post to:pinterest media:one.png alt:"A bell" title:Bells link:https://example.org/ Ding');
    const [, address] = await program.sees(/“Ding”\n\[ok\] Pinterest acme {2}published (\S+)/);
    expect(address).toBe(`https://www.pinterest.com/pin/${pinterest.pins()[0]?.id}/`);
    expect(pinterest.pins()[0]).toMatchObject({
      board: '549755885175001',
      title: 'Bells',
      description: 'Ding',
      link: 'https://example.org/',
      alt: 'A bell',
    });
    program.type('/post to:pinterest media:one.png media:two.png board:"summer recipes" Dong');
    await program.sees(/“Dong”\n\[ok\]/);
    expect(pinterest.pins()[1]).toMatchObject({ board: '549755885175002', kind: 'multiple_images' });
    program.type('/post to:pinterest media:one.png board:Nowhere Dang');
    await program.sees(/no board “Nowhere”\. Possible: Bells, Summer recipes\./);
    expect(pinterest.pins()).toHaveLength(2);
    expect(await program.wall()).toEqual([]);
  });

  it('with a video that is too short is told so when it is scheduled', async (t) => {
    const { pinterest, program } = await start(t);
    copyFileSync(
      fileURLToPath(new URL('../../media/fixtures/clip.mp4', import.meta.url)),
      join(program.folder, 'clip.mp4'),
    );
    program.type('/post to:pinterest media:clip.mp4 A video');
    await program.sees(/at least 4 s/);
    expect(pinterest.requests.filter((each) => each.method === 'POST')).toEqual([]);
  });

  it('whose answer is lost is found by looking and is not sent again', async (t) => {
    const { pinterest, program } = await start(t);
    await picture(program, 'one.png');
    pinterest.faults.next('POST', /\/pins$/, { do: 'drop', when: 'after' });
    program.type('/post to:pinterest media:one.png Lost answer');
    await program.sees(/“Lost answer”\n\[ok\] Pinterest acme {2}published https/);
    expect(pinterest.pins()).toHaveLength(1);
  });

  it('goes out at once although the access has run out, and the new one is kept for a restart', async (t) => {
    const { pinterest, program } = await start(t);
    await picture(program, 'one.png');
    pinterest.expire();
    program.type('/post to:pinterest media:one.png Renewed');
    await program.sees(/“Renewed”\n\[ok\] Pinterest acme {2}published https/);
    expect(pinterest.pins()).toHaveLength(1);
    const file = join(program.data, 'pinterest-tokens');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // Sealed: the file alone is worth nothing.
    expect(readFileSync(file, 'utf8')).not.toContain(pinterest.tokens().refreshToken);
  });
});
