// A database whose content is known, for tests that spoil its file.
import { copyFileSync, rmSync } from 'node:fs';
import { openLocalEngine } from '../meaning/local-engine.ts';

/** Makes it and leaves its data file under the given name. */
export async function makeGoodDatabase(file: string): Promise<void> {
  const local = await openLocalEngine();
  const indexes = [
    { key: { a: 1 }, name: 'a_1' },
    { key: { text: 1, a: -1 }, name: 'text_1_a_-1' },
    { key: { tags: 1 }, name: 'tags_1' },
  ];
  await local.run({ createIndexes: 'c', indexes });
  for (let batch = 0; batch < 5; batch++) {
    const documents = Array.from({ length: 100 }, (_, n) => ({
      _id: batch * 100 + n,
      a: n % 7,
      text: `document ${n}`,
      tags: [n % 3, `x${batch}`],
      ...(n % 50 === 0 ? { long: 'y'.repeat(9_000) } : {}),
    }));
    await local.run({ insert: 'c', documents });
  }
  // Free pages among those in use.
  await local.run({ delete: 'c', deletes: [{ q: { a: 3 }, limit: 0 }] });
  const data = local.engine.storage.file;
  await local.engine.close();
  copyFileSync(data, file);
  rmSync(data.replace(/\/data\.mdb$/, ''), { recursive: true });
}
