/** The picture library, loaded when first used and narrowed to what is needed of it. */
import type { default as SharpModule } from 'sharp';

/** Begins a pipeline over bytes or over a blank picture. */
export type OpenPicture = typeof SharpModule;

let loaded: Promise<OpenPicture> | undefined;

/** About 15 MB; a bot that sends no pictures never loads it. */
export function loadSharp(): Promise<OpenPicture> {
  loaded ??= load();
  return loaded;
}

/** The readers for the kinds that `sniff` lets through; every other one (SVG, PDF, remote files) stays shut. */
const READERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];

async function load(): Promise<OpenPicture> {
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: READERS.map((name) => `VipsForeignLoad${name}`) });
  // A picture is worked on once: keeping it costs memory and gains nothing.
  sharp.cache(false);
  return sharp;
}
