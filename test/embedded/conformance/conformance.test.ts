// The public cases of mongodb/specifications against the store, through a real driver:
//   CONFORMANCE_CASES=../specifications/source/crud npx vitest run test/embedded/conformance
// CONFORMANCE_DRIVER names the folder of another `mongodb` package; with MONGODB_URI the cases run on that server. They lie
// outside the repository because of their licence, so without the folder there is nothing to run.

import type { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { startForTest } from '../harness.ts';
import { readCaseFiles } from './case-files.ts';
import type { Case, CaseFile } from './case-format.ts';
import { driver } from './driver.ts';
import { readFacts, type ServerFacts, unmet } from './requirements.ts';
import { Refused, runCase } from './run-case.ts';
import { RunnerLacks } from './runner-lacks.ts';

const folder = process.env.CONFORMANCE_CASES;
const tally = { passed: 0, failed: 0, refused: 0, 'left out': 0 };

describe.runIf(folder === undefined)('conformance', () => {
  it('has cases to run', ({ skip }) => skip('CONFORMANCE_CASES names no folder of mongodb/specifications'));
});

describe.runIf(folder !== undefined)('conformance', () => {
  let server: { uri: string; stop(): Promise<void> };
  let client: MongoClient;
  let facts: ServerFacts;

  beforeAll(async () => {
    server = await startServer();
    client = await new driver.MongoClient(server.uri).connect();
    facts = await readFacts(client.db('admin'));
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
    const figures = Object.entries(tally).map(([what, count]) => `${count} ${what}`);
    process.stdout.write(`conformance: ${figures.join(', ')}\n`);
  });

  for (const { path, file } of folder === undefined ? [] : readCaseFiles(folder)) {
    describe(path, () => {
      for (const test of file.tests) {
        it(test.description, async (context) => {
          const reason = reasonToLeaveOut(facts, file, test);
          if (reason) leaveOut(context, reason);
          await run(file, test, context);
        });
      }
    });
  }

  async function run(file: CaseFile, test: Case, context: TestContext): Promise<void> {
    try {
      await runCase(server.uri, client, file, test);
      tally.passed += 1;
    } catch (error) {
      if (error instanceof RunnerLacks) leaveOut(context, `the runner has no ${error.message}`);
      tally[error instanceof Refused ? 'refused' : 'failed'] += 1;
      if (error instanceof Refused) context.skip(error.message);
      throw error;
    }
  }
});

function leaveOut(context: TestContext, reason: string): never {
  tally['left out'] += 1;
  context.skip(reason);
}

function reasonToLeaveOut(facts: ServerFacts, file: CaseFile, test: Case): string | undefined {
  const missing = unmet(facts, file.runOnRequirements) ?? unmet(facts, test.runOnRequirements);
  return missing === undefined ? test.skipReason : `needs ${missing}`;
}

async function startServer(): Promise<{ uri: string; stop(): Promise<void> }> {
  const uri = process.env.MONGODB_URI;
  if (uri !== undefined) return { uri, stop: async () => undefined };
  const running = await startForTest();
  return { uri: running.database.uri, stop: running.stop };
}
