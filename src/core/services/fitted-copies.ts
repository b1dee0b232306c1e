/** Pictures made fit for networks, kept by content and plan: a retry, or a second account of the network, finds its copy. */
import { Readable } from 'node:stream';
import { BoundedMap } from '../bounded-map.ts';
import type { ImageRule } from '../capabilities.ts';
import type { Clock } from '../clock.ts';
import { createGate } from '../gate.ts';
import type { BlobStore, FitPlan, MediaFitter, MediaIndex } from '../media.ts';
import type { MediaFacts, MediaItem } from '../words.ts';

export interface FittedCopy {
  readonly sha256: string;
  readonly facts: MediaFacts;
}

export interface FittedCopies {
  /** The copy is in use by the workspace from then on. Errors: MEDIA_MISSING, MEDIA_UNREADABLE, MEDIA_TOO_LARGE. */
  make(
    item: MediaItem,
    fit: { readonly plan: FitPlan; readonly rule: ImageRule },
    workspaceId: string,
  ): Promise<FittedCopy>;
}

/** Pictures that are worked on at a time: each may need some hundred megabytes while its pixels are unpacked. */
const FITS = 2;

/**
 * Copies that are remembered. Past it, and after a restart, a copy is made again: the same bytes come out, so the store
 * still holds it once.
 */
const REMEMBERED = 1000;

export function createFittedCopies({
  blobs,
  fitter,
  index,
  clock,
}: {
  readonly blobs: BlobStore;
  readonly fitter: MediaFitter;
  readonly index: Pick<MediaIndex, 'remember'>;
  readonly clock: Clock;
}): FittedCopies {
  const known = new BoundedMap<string, Promise<FittedCopy>>(REMEMBERED);
  const gate = createGate(FITS);

  /** Said at each use and before the bytes are looked for: retention takes nothing that was used a moment ago. */
  const use = ({ sha256, facts }: FittedCopy, workspaceId: string): Promise<void> =>
    index.remember(workspaceId, { sha256, bytes: facts.bytes }, facts, clock.now());

  async function fitAndStore(
    item: MediaItem,
    { plan, rule }: { plan: FitPlan; rule: ImageRule },
    workspaceId: string,
  ): Promise<FittedCopy> {
    const source = {
      bytes: item.bytes,
      read: (range?: { start: number; end: number }) => blobs.read(item.sha256, range),
    };
    const { data, facts } = await fitter.fit(source, item, plan, rule);
    // Not the caller's signal: several may wait for this copy, and writing it takes a moment only.
    const limits = { maxBytes: data.length, signal: new AbortController().signal };
    const staged = await blobs.stage(Readable.from([data]), limits);
    const copy = { sha256: staged.sha256, facts };
    try {
      await use(copy, workspaceId);
      await staged.keep();
    } finally {
      await staged.discard();
    }
    return copy;
  }

  function begin(key: string, work: () => Promise<FittedCopy>): Promise<FittedCopy> {
    const copy = gate(work);
    known.set(key, copy);
    copy.catch(() => known.delete(key));
    return copy;
  }

  return {
    async make(item, fit, workspaceId) {
      const key = JSON.stringify([item.sha256, fit.plan, fit.rule]);
      const work = (): Promise<FittedCopy> => fitAndStore(item, fit, workspaceId);
      const earlier = known.get(key);
      if (!earlier) return begin(key, work);
      const copy = await earlier;
      await use(copy, workspaceId);
      // It may have been cleared away since.
      return (await blobs.has(copy.sha256)) ? copy : begin(key, work);
    },
  };
}
