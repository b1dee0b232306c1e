/** The intake of media, from real parts, and files that people hand over. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll } from 'vitest';
import type { IncomingMedia, MediaFitter, MediaIndex } from '../../src/core/media.ts';
import { createMediaIntake } from '../../src/core/services/media-intake.ts';
import type { MediaFacts } from '../../src/core/words.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { createMediaFitter } from '../../src/media/fit.ts';
import { createMediaProbe } from '../../src/media/probe.ts';
import { createMediaSource } from '../../src/media/source.ts';
import { createFileBlobStore } from '../../src/stores/blob-files.ts';
import { type Loopback, serve } from '../media/loopback.ts';
import { noise, plain, video } from '../media/samples.ts';

export const never = new AbortController().signal;
export const png = await plain(60, 40).png().toBuffer();
export const jpeg = await noise(60, 40).jpeg().toBuffer();

/** One server and one folder for all tests of a file. Call it at the top of it. */
export function useIntake() {
  let folder = '';
  let web: Loopback;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-intake-'));
    await writeFile(join(folder, 'local.png'), png);
    web = await serve((request, response) => {
      const files: Record<string, Buffer> = {
        '/a.png': png,
        '/clip.mp4': video('clip.mp4'),
        '/script.png': Buffer.from('#!/bin/sh\n'),
      };
      const found = files[request.url ?? ''];
      response.writeHead(found ? 200 : 404).end(found);
    });
  });
  afterAll(async () => {
    await web.close();
    await rm(folder, { recursive: true });
  });

  /** The real parts on a folder of their own; only what is remembered is kept in a list. */
  async function setUp(
    options: {
      clock?: typeof systemClock;
      fitter?: MediaFitter;
      maxBytes?: number;
      pictureBytes?: number;
    } = {},
  ) {
    const data = await mkdtemp(join(folder, 'data-'));
    const blobs = await createFileBlobStore(data);
    const remembered: [string, string, MediaFacts][] = [];
    const index: Pick<MediaIndex, 'remember'> = {
      async remember(workspaceId, { sha256 }, facts) {
        remembered.push([workspaceId, sha256, facts]);
      },
    };
    const clock = options.clock ?? systemClock;
    const { maxBytes, pictureBytes } = options;
    const probe = createMediaProbe();
    const intake = createMediaIntake({
      source: createMediaSource({ clock, workingDirectory: folder, trustedOrigins: [web.origin] }),
      blobs,
      probe: pictureBytes === undefined ? probe : { ...probe, boundOf: async () => pictureBytes },
      fitter: options.fitter ?? createMediaFitter(),
      index,
      clock,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    const words: string[] = [];
    const take = (incoming: readonly IncomingMedia[], signal = never) =>
      intake.take(incoming, { workspaceId: 'W1', signal, progress: (said) => words.push(said) });
    const files = async () =>
      (await readdir(join(data, 'media'), { recursive: true, withFileTypes: true })).filter((each) =>
        each.isFile(),
      ).length;
    return { intake, take, blobs, remembered, words, files };
  }

  return {
    setUp,
    get web() {
      return web;
    },
  };
}

export const attachment = (
  bytes: Buffer,
  name = 'photo.png',
  rest: Partial<IncomingMedia & { kind: 'attachment' }> = {},
): IncomingMedia => ({
  kind: 'attachment',
  name,
  open: async () => Readable.from([bytes]),
  ...rest,
});

/** Begins like a file and never ends. */
export function endless(beginning: Buffer): { stream: Readable; given(): number } {
  let given = 0;
  const stream = new Readable({
    read() {
      const chunk = given === 0 ? beginning : Buffer.alloc(1000);
      given += chunk.length;
      this.push(chunk);
    },
  });
  return { stream, given: () => given };
}

/** Streams read ahead: some buffers on the way, of 64 KiB each from Node 22 on. */
export const BUFFERED_MAX = 500_000;
