/** Calls and bytes of one post of each kind, beside the calls that the documentation asks for, and the processor time of it all. */
import { publishAll } from '../../helpers/publishing.ts';
import { type Figure, median, milliseconds, printTable } from '../figures.ts';
import { type Kind, LEAST, type Sequence } from './least.ts';
import { contentOf, type Request, type Stand, startStands } from './stand.ts';

/** Each kind is published so often; calls are those of the last one, since a first one may have to ask for more. */
const TIMES = 7;

interface Measured {
  readonly calls: readonly string[];
  readonly sentBytes: number;
  readonly mediaBytes: number;
  readonly cpuMs: number;
}

export async function measureCalls(): Promise<readonly Figure[]> {
  const stands = await startStands();
  const figures: Figure[] = [];
  const rows: string[][] = [];
  const notes: string[] = [];
  try {
    for (const stand of stands) {
      for (const [kind, sequence] of Object.entries(LEAST[stand.network] ?? {}) as [Kind, Sequence][]) {
        const measured = await measure(stand, kind);
        const { calls, sentBytes, mediaBytes, cpuMs } = measured;
        const least = sequence.calls.length;
        const ratio = calls.length / least;
        const overhead = mediaBytes === 0 ? '' : (sentBytes / mediaBytes).toFixed(3);
        const name = `${stand.network}, ${kind}`;
        const { beside, unexplained } = beyond(sequence, calls);
        rows.push([
          name,
          String(calls.length),
          String(least),
          ratio.toFixed(2),
          `${Math.ceil(sentBytes / 1000)} kB`,
          overhead,
          milliseconds(cpuMs),
        ]);
        for (const call of beside) notes.push(`${name}: ${call}, ${sequence.beside?.[call]}`);
        for (const call of unexplained) notes.push(`${name}: ${call}, NOT NEEDED`);
        figures.push({
          what: `${name}: no call that is not needed`,
          value: String(unexplained.length),
          isMet: unexplained.length === 0,
        });
      }
    }
  } finally {
    await Promise.all(stands.map((stand) => stand.stop()));
  }
  printTable(['one post', 'calls', 'documented', 'ratio', 'sent', 'sent/media', 'processor'], rows);
  for (const note of notes) console.log(`  ${note}`);
  console.log(
    '  The processor time is that of publisher and simulator together, and its median; it is noisy while others work.',
  );
  return figures;
}

async function measure(stand: Stand, kind: Kind): Promise<Measured> {
  const { publisher, account, clock } = stand;
  const cpu: number[] = [];
  let from = 0;
  let mediaBytes = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const content = contentOf(kind);
    mediaBytes = content.media.reduce((sum, { bytes }) => sum + bytes, 0);
    from = stand.requests.length;
    const before = process.cpuUsage();
    await publishAll(publisher, {
      account,
      content,
      clock,
      waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
    });
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  const requests = stand.requests.slice(from);
  return {
    calls: requests.map(nameOf),
    sentBytes: requests.reduce((sum, { bytes }) => sum + bytes, 0),
    mediaBytes,
    cpuMs: median(cpu),
  };
}

/** Calls that the documented sequence does not have: those with a reason, and the others. */
function beyond(
  sequence: Sequence,
  calls: readonly string[],
): { beside: readonly string[]; unexplained: readonly string[] } {
  const left = [...sequence.calls];
  const more = calls.filter((call) => {
    const at = left.indexOf(call);
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
  const hasReason = (call: string): boolean => sequence.beside?.[call] !== undefined;
  // A reason covers one call.
  const beside = [...new Set(more.filter(hasReason))];
  const rest = [...more];
  for (const call of beside) rest.splice(rest.indexOf(call), 1);
  return { beside, unexplained: rest };
}

/** `POST :id/feed`: the method and the path without version and ids; what is read of a thing of Meta stands behind it. */
function nameOf({ method, path, query }: Request): string {
  const plain = path
    .replace(/^\/(?:v5|2)?\/?/, '')
    .replace(/^v2\/(?:blog\/[^/]+\/)?/, '')
    .replace(/^(video-upload|ig-api-upload)\/.*/, '$1')
    .replace(/^upload:.*/, 'upload:')
    .replace(/\d{6,}/g, ':id')
    .replace(/\/$/, '');
  const fields = new URLSearchParams(query).get('fields');
  if (plain !== ':id' || fields === null) return `${method} ${plain}`;
  return `${method} :id ${fields.includes('status') ? 'status' : fields}`;
}
