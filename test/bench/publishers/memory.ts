/** By how much the process grows while a video of 500 MB is sent to each network in turn. */
import { mediaItem } from '../../helpers/publishing.ts';
import { below, type Figure, MB, megabytes, printTable } from '../figures.ts';
import { NETWORKS } from './network.ts';
import { measureRises, storeFile } from './rise.ts';

const VIDEO_BYTES = 500 * MB;
const RISE_MAX = 64 * MB;

export async function measureMemory(): Promise<readonly Figure[]> {
  const file = await storeFile(VIDEO_BYTES);
  try {
    const video = { ...mediaItem('video', { fastStart: true }), bytes: VIDEO_BYTES };
    const figures: Figure[] = [];
    const rows: string[][] = [];
    const sendings = NETWORKS.map((network) => ({ network, media: [video] }));
    for (const { network, milliseconds, rise } of await measureRises(file, sendings)) {
      rows.push([network, `${(milliseconds / 1000).toFixed(1)} s`, megabytes(rise)]);
      figures.push(
        below(`${network}: memory for a video of ${megabytes(VIDEO_BYTES)}`, rise, RISE_MAX, megabytes),
      );
    }
    printTable([`a video of ${megabytes(VIDEO_BYTES)}`, 'time', `rise, < ${megabytes(RISE_MAX)}`], rows);
    return figures;
  } finally {
    await file.remove();
  }
}
