// Finds the JSON files of cases in a folder and reads them, older formats included.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Document, isDocument } from '../../../src/embedded/bson/types.ts';
import type { CaseFile } from './case-format.ts';
import { parse } from './driver.ts';
import { fromOlderFormat, isOlderFormat } from './older-format.ts';

export interface NamedCaseFile {
  /** Path below the folder, for reports. */
  path: string;
  file: CaseFile;
}

export function readCaseFiles(folder: string): NamedCaseFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .flatMap((path) => {
      const file = read(join(folder, path));
      return file ? [{ path: relative('.', path), file }] : [];
    });
}

/** Undefined for a file of another kind: specifications has many that no server is needed for. */
function read(path: string): CaseFile | undefined {
  const content = parse(readFileSync(path, 'utf8'));
  if (!isDocument(content) || !Array.isArray((content as Document).tests)) return undefined;
  if ('schemaVersion' in content) return content as unknown as CaseFile;
  return isOlderFormat(content) ? fromOlderFormat(content) : undefined;
}
