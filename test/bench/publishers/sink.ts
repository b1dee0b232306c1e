/** A server that takes everything, keeps nothing, and answers what each network would: for measuring the other side alone. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sink {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param answerAfterMs how long each answer is waited for */
export async function startSink(network: string, answerAfterMs = 0): Promise<Sink> {
  let id = 1_000_000_000;
  let url = '';
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      id += 1;
      const body = JSON.stringify(answerOf(network, `${request.method} ${request.url}`, String(id), url));
      const answer = (): void => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      };
      if (answerAfterMs === 0) return answer();
      const timer = setTimeout(() => {
        timers.delete(timer);
        answer();
      }, answerAfterMs);
      timers.add(timer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerOf(network: string, call: string, id: string, url: string): unknown {
  switch (network) {
    case 'facebook':
      return {
        id: /\/uploads/.test(call) ? `upload:${id}` : id,
        video_id: id,
        h: 'handle',
        success: true,
        status: {
          video_status: 'ready',
          publishing_phase: { status: 'complete', publish_status: 'published' },
        },
      };
    case 'instagram':
      return {
        id,
        success: true,
        status_code: 'FINISHED',
        status: 'Finished',
        permalink: `https://www.instagram.com/p/${id}/`,
        data: [{ quota_usage: 0, config: { quota_total: 100 } }],
      };
    case 'pinterest':
      return {
        id,
        media_id: id,
        media_type: 'video',
        upload_url: `${url}/store`,
        upload_parameters: { key: 'k' },
        status: 'succeeded',
      };
    case 'tumblr':
      return { meta: { status: 200, msg: 'OK' }, response: { id, state: 'published', user: {} } };
    default:
      return { data: { id, text: '' } };
  }
}
