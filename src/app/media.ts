/** Joins what fetches media, measures them and makes them fit. */
import type { Config } from '../config.ts';
import { createMediaIntake } from '../core/services/media-intake.ts';
import { createConverterFinder } from '../media/ffmpeg.ts';
import { createMediaFitter } from '../media/fit.ts';
import { createMediaProbe } from '../media/probe.ts';
import { createMediaSource } from '../media/source.ts';
import type { AppOptions } from './app.ts';
import type { Database } from './database.ts';
import type { EngineParts } from './engine.ts';

/** The intake for what people attach, and what a video's conversion needs. */
export function createMedia(
  config: Config,
  { stores, blobs }: Pick<Database, 'stores' | 'blobs'>,
  { clock, terminal }: Pick<AppOptions, 'clock' | 'terminal'>,
): Pick<EngineParts, 'media' | 'conversions'> {
  const probe = createMediaProbe();
  const index = stores.media;
  const source = createMediaSource({
    clock,
    workingDirectory: terminal.workingDirectory,
    trustedOrigins: config.trustedOrigins,
  });
  const findConverter = createConverterFinder({ clock, searchPath: config.searchPath });
  return {
    media: createMediaIntake({ source, blobs, probe, fitter: createMediaFitter(), index, clock }),
    conversions: { blobs, probe, index, findConverter },
  };
}
