// One process per directory: LMDB would let a second one in, but the catalogue is held in memory.
// The lock file names its holder. A dead holder's file is taken over; a living one's never is.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const LOCK_FILE = 'process.lock';
const TAKEOVER_GUARD = 'process.lock.takeover';
/** The holder touches its file this often, for readers who cannot see its process (another container or host). */
const HEARTBEAT_MILLISECONDS = 5_000;
/** A holder that cannot be seen and was silent this long is dead: six missed heartbeats. */
const SILENCE_MILLISECONDS = 30_000;

/** Another living process (or this one) already uses the directory. */
export class DatabaseLocked extends Error {
  override name = 'DatabaseLocked';
  readonly pid: number;
  constructor(directory: string, holder: Holder, seen: string) {
    super(
      `the database in ${directory} is in use by process ${holder.pid} on ${holder.host} (${seen}); ` +
        'stop that process, choose another directory, or set MONGODB_URI to share one database between processes',
    );
    this.pid = holder.pid;
  }
}

interface Holder {
  pid: number;
  host: string;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  started: string;
}

export interface LockFile {
  /** Gives the directory free. */
  release(): void;
}

/** Directories that this process holds: its own number alone cannot tell a second start from a stale file. */
const heldHere = new Set<string>();

/**
 * Takes the directory for this process.
 * @throws DatabaseLocked when a living process has it
 */
export function takeLock(directory: string): LockFile {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, LOCK_FILE);
  const me: Holder = { pid: process.pid, host: hostname(), started: startOfProcess(process.pid) };
  if (!create(file, me)) takeOver(directory, file, me);
  heldHere.add(file);
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MILLISECONDS);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (heldHere.delete(file)) unlinkSync(file);
    },
  };
}

function create(file: string, holder: Holder): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeFileSync(descriptor, JSON.stringify(holder));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Two processes may find the same stale file: only the one that makes the guard directory may remove it. */
function takeOver(directory: string, file: string, me: Holder): void {
  const guard = join(directory, TAKEOVER_GUARD);
  refuseIfAlive(directory, file);
  enterGuard(directory, guard, me);
  try {
    refuseIfAlive(directory, file);
    removeIfThere(file);
    if (!create(file, me)) refuseIfAlive(directory, file);
  } finally {
    rmdirSync(guard);
  }
}

function enterGuard(directory: string, guard: string, me: Holder): void {
  try {
    mkdirSync(guard);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    // A takeover lasts milliseconds: an old guard was left by a process that died in the middle of one.
    if (Date.now() - statSync(guard).mtimeMs < SILENCE_MILLISECONDS) {
      throw new DatabaseLocked(directory, me, 'another process is taking it over this moment');
    }
    rmdirSync(guard);
    mkdirSync(guard);
  }
}

function refuseIfAlive(directory: string, file: string): void {
  const holder = readHolder(file);
  if (!holder) return;
  const silence = Date.now() - statSync(file).mtimeMs;
  if (holder.host !== hostname()) {
    if (silence < SILENCE_MILLISECONDS) {
      const seen =
        silence < -HEARTBEAT_MILLISECONDS
          ? `last seen in the future, as if the clock had been set back; if that process is gone, remove ${file}`
          : `last seen ${Math.round(silence / 1000)} s ago`;
      throw new DatabaseLocked(directory, holder, seen);
    }
    return;
  }
  if (holder.pid === process.pid && !heldHere.has(file)) return;
  if (isAlive(holder)) throw new DatabaseLocked(directory, holder, 'it is running');
}

/** The holder's process runs, and is not a later one that was given the same number. */
function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
    if (!isCode(error, 'EPERM')) throw error; // EPERM: it runs, under another user
  }
  const started = startOfProcess(holder.pid);
  return holder.started === '' || started === '' || started === holder.started;
}

function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    const found = JSON.parse(text) as Partial<Holder>;
    return { pid: Number(found.pid), host: String(found.host), started: String(found.started ?? '') };
  } catch {
    // Cut off: its writer died between making and filling it, or is filling it now. The age of the file decides.
    return { pid: 0, host: 'an unknown host', started: '' };
  }
}

/** Boot and start time of a process, from Linux's /proc (proc(5), stat field 22); empty elsewhere. */
function startOfProcess(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = fields.slice(fields.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${afterName[19] ?? ''}`;
  } catch {
    // No /proc (macOS, Windows) or the process is gone: the caller then knows only whether the number is in use.
    return '';
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    // The file was removed under us (a person tidied up). The store goes on; the next start sees no lock.
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
