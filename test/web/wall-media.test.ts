// The bytes of what is on the wall, and of nothing else.
import { beforeEach, describe, expect, it } from 'vitest';
import { entry, secret, usePages, VIDEO, video } from './pages.ts';

const pages = usePages();
const { get, raw } = pages;

describe('/wall/media', () => {
  beforeEach(() => pages.wall.add(entry('e1', { media: [video] })));
  const part = (range: string) => get(`/wall/media/${video.sha256}`, { headers: { range } });

  it('gives the bytes, for ever the same, and lets them run nothing', async () => {
    const answer = await get(`/wall/media/${video.sha256}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '200000',
      'accept-ranges': 'bytes',
      'cache-control': expect.stringContaining('immutable'),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(VIDEO)).toBe(true);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, 200_000],
    ['bytes=199999-', 199_999, 200_000],
    ['bytes=-500', 199_500, 200_000],
    ['bytes=-999999', 0, 200_000],
    ['bytes=5-999999', 5, 200_000],
    ['bytes=7-7', 7, 8],
  ])('gives the part %s', async (range, start, end) => {
    const answer = await part(range);
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/200000`);
    expect(answer.headers.get('content-length')).toBe(String(end - start));
    expect(Buffer.from(await answer.arrayBuffer()).equals(VIDEO.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=200000-', 'bytes=999999-1000000', 'bytes=-0'])('has no part %s', async (range) => {
    const answer = await part(range);
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
  });

  it.each(['bytes=9-5', 'bytes=-', 'bytes=0-1,5-6', 'lines=0-1', 'bytes=a-b', ''])(
    'answers the whole to the range “%s” that it does not know',
    async (range) => {
      const answer = await part(range);
      expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 200_000]);
    },
  );

  it('HEAD tells the same without the bytes', async () => {
    const answer = await get(`/wall/media/${video.sha256}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '200000',
      '',
    ]);
  });

  it('serves nothing that is not on the wall, though it is stored', async () => {
    expect(await pages.blobs.has(secret)).toBe(true);
    expect((await get(`/wall/media/${secret}`)).status).toBe(404);
    await pages.wall.add(
      entry('e2', { media: [{ ...video, sha256: secret, bytes: 500, kind: 'image', mime: 'image/png' }] }),
    );
    expect((await get(`/wall/media/${secret}`)).status).toBe(200);
  });

  it.each([
    '/wall/media/',
    '/wall/media/x',
    `/wall/media/${'0'.repeat(64)}`,
    `/wall/media/${'F'.repeat(64)}`,
    '/wall/media/../../../../etc/passwd',
    '/wall/media/..%2f..%2f..%2fetc%2fpasswd',
    '/wall/media/%2e%2e/%2e%2e/etc/passwd',
    '/wall/media//etc/passwd',
    '/wall/media/\\..\\..\\secret',
    '/../package.json',
    '/wall/../../package.json',
    '//evil.example/wall/media/x',
    '/%00',
    '/__proto__',
    '/constructor',
    '/toString',
    '/nothing',
  ])('%s is 404', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1`);
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
    expect(answer).not.toContain('root:');
  });

  it('a browser that goes away in the middle is no fault', async () => {
    const control = new AbortController();
    const answer = await get(`/wall/media/${video.sha256}`, { signal: control.signal });
    await answer.body!.getReader().read();
    control.abort();
    expect((await get('/health')).status).toBe(200);
    expect(pages.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('a file that is gone ends the answer, not the process', async () => {
    const gone = { ...video, sha256: 'a'.repeat(64) };
    await pages.wall.add(entry('e2', { media: [gone] }));
    await expect(get(`/wall/media/${gone.sha256}`).then((answer) => answer.arrayBuffer())).rejects.toThrow();
    expect((await get('/health')).status).toBe(200);
    expect(pages.log.some(({ level }) => level === 'error')).toBe(true);
  });
});
