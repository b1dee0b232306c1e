/** Its own file, so that nothing else of the suite is in the memory that is measured; the server is another process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem, publishAll, type RunOptions } from '../../helpers/publishing.ts';

/** Takes everything, keeps nothing, and answers what Tumblr would. */
const SERVER = `
require('node:http').createServer((request, response) => {
  request.resume().on('end', () => {
    const body = request.method === 'POST' ? { id: '790000000000000001', state: 'published' } : { user: {} };
    response.end(JSON.stringify({ meta: { status: 200, msg: 'OK' }, response: body }));
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

const MB = 1_000_000;
const children: ReturnType<typeof spawn>[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

it('500 MB of video raise the memory by less than 64 MB', async () => {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [port] = await once(child.stdout!, 'data');
  const clock = createManualClock();
  const credentials = { consumerKey: 'k-1', consumerSecret: 's-1', token: 't-1', tokenSecret: 'h-1' };
  const publisher = createTumblrPublisher(
    { credentials, blogs: ['acme'], apiUrl: `http://127.0.0.1:${String(port).trim()}` },
    memoryVault(),
    clock,
    createSeededRandom(1),
  );
  const video = (bytes: number): RunOptions => ({
    account: account('tumblr'),
    // Its bytes are made as they are read: the helper would make them all at once for their hash.
    content: content({}, [{ ...mediaItem('video'), bytes, sha256: 'not asked for' }]),
    clock,
  });
  // What is loaded once and for all does not count.
  await publishAll(publisher, video(8 * MB));
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 2);
  await publishAll(publisher, video(500 * MB));
  clearInterval(watch);
  expect((peak - before) / MB).toBeLessThan(64);
});
