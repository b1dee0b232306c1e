// The wall, for people as a page and for scripts as data.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WallMedia } from '../../src/core/wall.ts';
import { entry, usePages, video } from './pages.ts';

const pages = usePages();
const { get } = pages;

describe('/wall', () => {
  it('is one page whose script and style are the ones that its policy allows, and that calls nobody else', async () => {
    const answer = await get('/wall');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await answer.text();
    const policy = answer.headers.get('content-security-policy')!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const only = (tag: string) => {
      const found = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))];
      expect(found, tag).toHaveLength(1);
      return found[0]![1]!;
    };
    expect(policy).toContain(`script-src ${hash(only('script'))};`);
    expect(policy).toContain(`style-src ${hash(only('style'))};`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:|\*/);
    expect(page).not.toMatch(
      /(?:src|href|action|content|url\(|import|fetch\()\s*[=(]?\s*["']?(?:https?:)?\/\/[a-z]/i,
    );
    expect(page).not.toMatch(/\son[a-z]+=|style="/i);
  });

  it('is where the root leads', async () => {
    const answer = await get('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/wall']);
  });
});

describe('/wall.json', () => {
  it('has what the network would show beside the words: format, board, first comment, the cover with its video', async () => {
    const still: WallMedia = {
      ...video,
      kind: 'image',
      mime: 'image/png',
      sha256: 'f'.repeat(64),
      isCover: true,
    };
    const said = { format: 'reel', board: 'Towers', firstComment: 'First' } as const;
    await pages.wall.add(entry('e1', { ...said, media: [still, video] }));
    await pages.wall.add(entry('e2', { media: [{ ...video, coverSecond: 3 }] }));
    const [second, first] = (await (await get('/wall.json')).json()) as [
      { media: object[] },
      { media: object[] },
    ];
    expect(first).toMatchObject(said);
    expect(first.media).toMatchObject([{ kind: 'video', cover: { url: `/wall/media/${'f'.repeat(64)}` } }]);
    expect(first.media).toHaveLength(1);
    expect(second.media).toMatchObject([{ cover: { second: 3 } }]);
  });

  it('has every field that scripts rely on, newest first, with null for what is not there', async () => {
    const { alt: _none, ...bare } = video;
    const picture: WallMedia = { ...bare, kind: 'image', mime: 'image/png', sha256: 'f'.repeat(64) };
    const poll = { options: ['Yes', 'No'], minutes: 60 };
    const part = { number: 2, of: 3 };
    await pages.wall.add(entry('e1', { poll, replies: 'verified', part, answers: 'e0' }));
    await pages.wall.add(
      entry('e2', {
        network: 'pinterest',
        title: 'A title',
        link: 'https://a.example',
        media: [video, picture],
        at: new Date('2026-11-24T10:00:00Z'),
      }),
    );
    const answer = await get('/wall.json');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual([
      {
        id: 'e2',
        network: 'pinterest',
        account: '@rehearsal',
        post: 'K7QPD',
        title: 'A title',
        text: 'Text of e2',
        link: 'https://a.example',
        media: [
          {
            kind: 'video',
            bytes: 200_000,
            width: 720,
            height: 1280,
            alt: 'A clip',
            url: `/wall/media/${video.sha256}`,
          },
          {
            kind: 'image',
            bytes: 200_000,
            width: 720,
            height: 1280,
            alt: null,
            url: `/wall/media/${'f'.repeat(64)}`,
          },
        ],
        at: '2026-11-24T10:00:00.000Z',
      },
      {
        id: 'e1',
        network: 'x',
        account: '@rehearsal',
        post: 'K7QPD',
        text: 'Text of e1',
        link: null,
        poll,
        part,
        answers: 'e0',
        replies: 'verified',
        media: [],
        at: '2026-11-24T09:00:00.000Z',
      },
    ]);
  });

  it('is an empty list at first', async () => {
    expect(await (await get('/wall.json')).json()).toEqual([]);
  });

  it.each([
    ['?limit=2', 2],
    ['?limit=0', 0],
    ['?limit=99999', 3],
    ['?limit=-1', 3],
    ['?limit=two', 3],
    ['?limit=1e9', 3],
    ['?limit=', 3],
    ['?other=1', 3],
  ])('with %s answers %i of three', async (query, count) => {
    for (const id of ['e1', 'e2', 'e3']) await pages.wall.add(entry(id));
    const found = (await (await get(`/wall.json${query}`)).json()) as { id: string }[];
    expect(found.map(({ id }) => id)).toEqual(['e3', 'e2', 'e1'].slice(0, count));
  });

  it('answers 304 to who has this version, and anew when something came', async () => {
    await pages.wall.add(entry('e1'));
    const etag = (await get('/wall.json')).headers.get('etag')!;
    const same = await get('/wall.json', { headers: { 'if-none-match': etag } });
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
    await pages.wall.add(entry('e2'));
    const next = await get('/wall.json', { headers: { 'if-none-match': etag } });
    expect(next.status).toBe(200);
    expect(next.headers.get('etag')).not.toBe(etag);
  });
});
