/** The files that a simulator was sent, for those who want to look at them. */

export interface SentFile {
  readonly sha256: string;
  /** Its MIME type, as far as it was told. */
  readonly type: string;
  readonly bytes: Buffer;
}

export interface FileOptions {
  /** Called with each whole file; absent: simulators count and hash, and keep nothing. */
  onFile?: (file: SentFile) => void;
}

/** Larger files are not put together for `onFile`: a video of gigabytes must not fill the memory. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;
