/** Servers of a test that links lead to, and sources of media that trust them. */
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import { createMediaSource, type MediaSourceOptions } from '../../src/media/source.ts';
import { type Loopback, serve } from './loopback.ts';

/** It ends with the test. */
export async function server(listener: RequestListener): Promise<Loopback> {
  const started = await serve(listener);
  onTestFinished(() => started.close());
  return started;
}

export const source = (options: Partial<MediaSourceOptions> = {}) =>
  createMediaSource({ clock: systemClock, workingDirectory: tmpdir(), ...options });

/** A source that trusts the servers of this test, as `*_API_URL` would. */
export const trusting = (servers: readonly Loopback[], options: Partial<MediaSourceOptions> = {}) =>
  source({ trustedOrigins: servers.map(({ origin }) => origin), ...options });
