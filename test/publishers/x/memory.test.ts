/** Its own file, so that nothing else of the suite is in the memory that is measured; the server is another process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, mediaItem, publishAll, type RunOptions } from '../../helpers/publishing.ts';

/** Takes everything, keeps nothing, and answers what X would. */
const SERVER = `
require('node:http').createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: { id: '1900000000000000001', text: '' } }));
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

const MB = 1_000_000;
const children: ReturnType<typeof spawn>[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

it('200 MB of video raise the memory by less than 64 MB', async () => {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [port] = await once(child.stdout!, 'data');
  const clock = createManualClock();
  const credentials = {
    apiKey: 'key-1',
    apiSecret: 'secret-1',
    accessToken: 'token-1',
    accessSecret: 'hidden-1',
  };
  const publisher = createXPublisher(
    { credentials, apiUrl: `http://127.0.0.1:${String(port).trim()}` },
    clock,
  );
  const video = (bytes: number): RunOptions => ({
    account: account('x'),
    content: content({}, [mediaItem('video', { bytes, sha256: 'not asked for' })]),
    clock,
  });
  // What is loaded once and for all does not count.
  await publishAll(publisher, video(8 * MB));
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 2);
  await publishAll(publisher, video(200 * MB));
  clearInterval(watch);
  expect((peak - before) / MB).toBeLessThan(64);
});
