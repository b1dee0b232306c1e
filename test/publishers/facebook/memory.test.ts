/** Its own file, so that nothing else of the suite is in the memory that is measured; the server is another process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, mediaItem, publishAll, type RunOptions } from '../../helpers/publishing.ts';

/** Takes everything, keeps nothing, and answers what Facebook would. */
const SERVER = `
require('node:http').createServer((request, response) => {
  const answer = { id: request.url.includes('/uploads') ? 'upload:1' : '17', video_id: '18', h: 'handle', success: true,
    status: { video_status: 'ready', publishing_phase: { status: 'complete', publish_status: 'published' } } };
  request.resume().on('end', () => response.end(JSON.stringify(answer)));
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

const MB = 1_000_000;
const children: ReturnType<typeof spawn>[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

it.each([
  ['a feed video', { width: 1280, height: 720 }],
  ['a reel', {}],
])('500 MB of %s raise the memory by less than 64 MB', async (_name, shape) => {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [port] = await once(child.stdout!, 'data');
  const clock = createManualClock();
  const url = `http://127.0.0.1:${String(port).trim()}`;
  const credentials = { pageId: '1', pageToken: 'token-1' };
  const publisher = createFacebookPublisher({ credentials, apiUrl: url, uploadUrl: url }, clock);
  const video = (bytes: number): RunOptions => ({
    account: account('facebook'),
    content: content({}, [{ ...mediaItem('video', shape), bytes, sha256: 'not asked for' }]),
    clock,
  });
  // What is loaded once and for all does not count.
  await publishAll(publisher, video(64 * MB));
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 2);
  await publishAll(publisher, video(500 * MB));
  clearInterval(watch);
  expect((peak - before) / MB).toBeLessThan(64);
});
