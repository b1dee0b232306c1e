/** The program's own queries over years of history: what each call takes, and what it examines at most. */
import { ensureAlarmIndexes, JOBS } from '../../../src/jobs/job-documents.ts';
import { createIndexes, createStores, openDatabase } from '../../../src/stores/index.ts';
import { telegramInbox } from '../../../src/stores/telegram-inbox.ts';
import { wallStore } from '../../../src/stores/wall.ts';
import { actionsOf } from '../../stores/product-queries/actions.ts';
import { examine, queriesOf, sentDuring } from '../../stores/product-queries/examine.ts';
import { fill } from '../../stores/product-queries/history.ts';

export interface ProductRow {
  readonly what: string;
  readonly milliseconds: number;
  /** Of the call's queries the one that examined most, asked again afterwards. */
  readonly keys: number;
  readonly documents: number;
  readonly returned: number;
}

const WAITING_PART = 0.01;

export async function measureProduct(uri: string, documents: number): Promise<readonly ProductRow[]> {
  const opened = await openDatabase(`${uri}&appName=bench`, { timeoutMs: 5_000, monitorCommands: true });
  try {
    const connection = opened.connection.useDb('product');
    const ports = {
      ...createStores(connection),
      wall: wallStore(connection),
      inbox: telegramInbox(connection),
    };
    await createIndexes(connection);
    await ensureAlarmIndexes(connection.collection(JOBS) as never);
    const waiting = Math.ceil(documents * WAITING_PART);
    const size = { finished: documents - waiting, waiting, alarms: waiting };
    await fill(connection, size);
    const rows: ProductRow[] = [];
    for (const [what, action] of Object.entries(actionsOf(ports, size))) {
      let milliseconds = 0;
      const sent = await sentDuring(connection, async () => {
        const begin = performance.now();
        await action();
        milliseconds = performance.now() - begin;
      });
      const examined = [];
      for (const query of sent.flatMap(queriesOf)) examined.push(await examine(connection, query));
      const most = examined.sort((a, b) => b.documents + b.keys - a.documents - a.keys)[0];
      const { keys = 0, documents: read = 0, returned = 0 } = most ?? {};
      rows.push({ what, milliseconds, keys, documents: read, returned });
    }
    return rows;
  } finally {
    await opened.close();
  }
}
