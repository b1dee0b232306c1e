/** Its own file, so that nothing else of the suite is in the memory that is measured; the server is another process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import type { Content } from '../../../src/core/publisher.ts';
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem, publishAll, type RunOptions } from '../../helpers/publishing.ts';
import { BELLS } from './harness.ts';

/** Takes everything, keeps nothing, and answers what Pinterest and its store would. */
const SERVER = `
require('node:http').createServer((request, response) => {
  request.resume().on('end', () => {
    const { host } = request.headers;
    const answers = {
      'POST /v5/media': { media_id: '1', media_type: 'video', upload_url: 'http://' + host + '/store', upload_parameters: { key: 'k' } },
      'GET /v5/media/1': { status: 'succeeded' },
      'POST /v5/pins': { id: '999658448514149001' },
    };
    response.end(JSON.stringify(answers[request.method + ' ' + request.url] ?? {}));
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

const MB = 1_000_000;
const children: ReturnType<typeof spawn>[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

async function peakOf(small: Content, large: Content): Promise<number> {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [port] = await once(child.stdout!, 'data');
  const clock = createManualClock();
  const publisher = createPinterestPublisher(
    {
      credentials: { accessToken: 't-1' },
      boardId: BELLS,
      apiUrl: `http://127.0.0.1:${String(port).trim()}`,
    },
    memoryVault(),
    clock,
  );
  const options = (what: Content): RunOptions => ({
    account: account('pinterest'),
    content: what,
    clock,
    waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
  });
  // What is loaded once and for all does not count.
  await publishAll(publisher, options(small));
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 2);
  await publishAll(publisher, options(large));
  clearInterval(watch);
  return (peak - before) / MB;
}

/** Its bytes are made as they are read: the helper would make them all at once for their hash. */
const large = (kind: 'image' | 'video', bytes: number, name: string) => ({
  ...mediaItem(kind, { name }),
  bytes,
  sha256: `not asked for ${name}`,
});

it('500 MB of video raise the memory by less than 64 MB', async () => {
  const video = (bytes: number) => content({}, [large('video', bytes, String(bytes))]);
  expect(await peakOf(video(8 * MB), video(500 * MB))).toBeLessThan(64);
});

it('five pictures of 20 MB in one creating call raise the memory by less than 64 MB', async () => {
  const pictures = (bytes: number) =>
    content(
      {},
      Array.from({ length: 5 }, (_, index) => large('image', bytes, `${index}.jpg`)),
    );
  expect(await peakOf(pictures(MB), pictures(20 * MB))).toBeLessThan(64);
});
