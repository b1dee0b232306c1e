// The error of files that cannot be used. In a file of its own: whoever catches it need not load the storage.

/** Raised when the files cannot be opened or are not ours. Nothing is ever created over them. */
export class StorageError extends Error {
  override name = 'StorageError';
}
