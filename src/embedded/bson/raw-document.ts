/** A document that is BSON already: the encoder puts its bytes where the document would be. */
export class RawDocument {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
