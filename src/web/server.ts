/** The web pages: health for a supervisor, the wall for people, the wall as data for scripts, and what front-ends add. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failure } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { BlobStore } from '../core/media.ts';
import type { Wall } from '../core/wall.ts';
import { MEDIA_PATH } from './media-links.ts';
import { sendJson, sendText } from './respond.ts';
import { wallData } from './wall-data.ts';
import { createWallMedia } from './wall-media.ts';
import { sendWallPage } from './wall-page.ts';

export interface Health {
  readonly status: 'ok' | 'failing';
  readonly database: string;
  readonly scheduler: { readonly lastTick: string | null; readonly overdue: number | null };
  readonly frontends: Readonly<Record<string, unknown>>;
  /** The built-in database's file, in bytes, its last backup and its last look for damage; absent with a MongoDB server, which tells its own. */
  readonly storage?: {
    readonly bytes: number;
    readonly freeBytes: number;
    readonly lastBackup: string | null;
    readonly lastCheck: { readonly at: string; readonly damage: string | null } | null;
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface WebOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  health(): Promise<Health>;
  readonly wall: Wall;
  readonly blobs: BlobStore;
  /** Answers below MEDIA_PATH; absent: there are no links to single files. */
  readonly media?: Handler;
  /** Paths that others answer, such as a chat's webhook; every method is theirs. */
  readonly routes: Readonly<Record<string, Handler>>;
  readonly log: Logger;
}

export interface Web {
  /** `http://host:port`, without a slash at the end. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Error: PORT_TAKEN. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { log, routes, health, wall, blobs, media } = options;
  const wallMedia = createWallMedia(wall, blobs);
  const pages: Readonly<Record<string, Handler>> = {
    '/': async (_request, response) => {
      response.writeHead(302, { location: '/wall' }).end();
    },
    '/health': async (_request, response) => {
      const found = await health();
      sendJson(response, found.status === 'ok' ? 200 : 503, found);
    },
    '/wall': async (_request, response) => sendWallPage(response),
    '/wall.json': async (request, response) =>
      sendJson(response, 200, await wallData(wall, limitOf(request)), request),
  };

  const handle: Handler = async (request, response) => {
    const path = pathOf(request);
    const route = routes[path];
    if (route) return route(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendText(response, 405, 'Only GET is possible here.', { allow: 'GET, HEAD' });
    const page = pages[path];
    if (page) return page(request, response);
    if (media && path.startsWith(MEDIA_PATH)) return media(request, response);
    if (path.startsWith('/wall/media/'))
      return wallMedia(request, response, path.slice('/wall/media/'.length));
    sendText(response, 404, 'There is nothing here. Try /wall or /health.');
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      log.error({ err: error, path: pathOf(request) }, 'a web page failed');
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'Something went wrong; the log has the details.');
    });
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    address: `http://${host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function limitOf(request: IncomingMessage): number | undefined {
  const wanted = new URLSearchParams(request.url?.split('?', 2)[1] ?? '').get('limit');
  return wanted !== null && /^\d{1,5}$/.test(wanted) ? Number(wanted) : undefined;
}

function listen(server: ReturnType<typeof createServer>, { host, port }: WebOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        failure('ConfigError', {
          code: taken ? 'PORT_TAKEN' : 'CONFIG_INVALID',
          message: taken
            ? `Port ${port} on ${host} is taken by another program.`
            : `The web pages cannot listen on ${host}:${port}: ${error.message}`,
          hint: taken
            ? 'Set PORT to a free one (PORT=0 takes any), or stop the other program.'
            : 'Correct HOST and PORT.',
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
