/** The web pages over real HTTP, with a wall and a store of bytes behind them. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { BlobStore } from '../../src/core/media.ts';
import type { WallEntry, WallMedia } from '../../src/core/wall.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { type Health, startWeb, type Web, type WebOptions } from '../../src/web/server.ts';
import { createMemoryWall, type MemoryWall } from '../helpers/memory-wall.ts';
import { fill, type LogLine, recordingLog } from '../helpers/publishing.ts';

export const HEALTHY: Health = {
  status: 'ok',
  database: 'ok',
  scheduler: { lastTick: '2026-11-24T09:00:00.000Z', overdue: 0 },
  frontends: { terminal: { state: 'ready' } },
};
export const VIDEO = fill('clip.mp4', 200_000);
const SECRET = fill('private.png', 500);

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const video: WallMedia = {
  sha256: sha256Of(VIDEO),
  kind: 'video',
  mime: 'video/mp4',
  bytes: VIDEO.length,
  width: 720,
  height: 1280,
  alt: 'A clip',
};
/** Of a picture that is stored, and not on the wall. */
export const secret = sha256Of(SECRET);

export interface Pages {
  /** Which one `get` asks; another from when a test puts one here. */
  web: Web;
  /** What a supervisor is told. */
  health: () => Promise<Health>;
  wall: MemoryWall;
  log: LogLine[];
  readonly blobs: BlobStore;
  serve(options?: Partial<WebOptions>): Promise<Web>;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** A request line as it stands: fetch would tidy the path up before it is sent. */
  raw(requestLine: string, headers?: string): Promise<string>;
}

/** Pages anew for each test of a file. Call it at the top of it. */
export function usePages(): Pages {
  let directory = '';
  let blobs: BlobStore;
  const opened: Web[] = [];
  const pages = {
    async serve(options = {}) {
      const started = await startWeb({
        host: '127.0.0.1',
        port: 0,
        health: () => pages.health(),
        wall: pages.wall,
        blobs,
        routes: {},
        log: recordingLog(pages.log),
        ...options,
      });
      opened.push(started);
      return started;
    },
    get: (path, init = {}) => fetch(`${pages.web.address}${path}`, { redirect: 'manual', ...init }),
    async raw(requestLine, headers = '') {
      const { hostname, port } = new URL(pages.web.address);
      const socket = createConnection(Number(port), hostname);
      socket.end(`${requestLine}\r\nhost: ${hostname}\r\nconnection: close\r\n${headers}\r\n`);
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('latin1');
    },
    get blobs() {
      return blobs;
    },
  } as Pages;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'carillon-web-'));
    blobs = await createFileBlobStore(directory);
    const limits = { maxBytes: 1_000_000, signal: new AbortController().signal };
    for (const bytes of [VIDEO, SECRET]) await blobs.write(Readable.from([bytes]), limits);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  beforeEach(async () => {
    pages.wall = createMemoryWall();
    pages.health = async () => HEALTHY;
    pages.log = [];
    pages.web = await pages.serve();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.stop();
  });
  return pages;
}

export function entry(id: string, patch: Partial<WallEntry> = {}): WallEntry {
  return {
    id,
    workspaceId: 'W1',
    network: 'x',
    account: 'A1',
    handle: '@rehearsal',
    post: 'K7QPD',
    delivery: `K7QPD.${id}`,
    text: `Text of ${id}`,
    media: [],
    at: new Date('2026-11-24T09:00:00Z'),
    ...patch,
  };
}
