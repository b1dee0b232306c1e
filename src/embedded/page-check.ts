// Walks every page of a data file before LMDB does: LMDB believes what a page says, and one changed bit in its tables makes
// it read past the page and end the whole process. Layout: MDB_page, MDB_node, MDB_db and MDB_ovpage of the LMDB that the
// `lmdb` package builds (mdb.c, master branch).
import { readSync } from 'node:fs';

const PAGE_HEADER = 24;
const NODE_HEADER = 8;
const TREE_BYTES = 48;
const OVERFLOW_REFERENCE = 24;
const PageFlag = { branch: 1, leaf: 2, overflow: 4 } as const;
const NodeFlag = { overflow: 1, tree: 2 } as const;
const NOTHING = Buffer.alloc(0);
/** Root of a tree without entries. */
export const NO_PAGE = 0xffffffffffffffffn;
/** Deeper than any tree that fits a disk. */
const MOST_LEVELS = 32;

/** A tree of pages as its owner describes it. */
export interface Tree {
  entries: number;
  root: bigint;
}

interface Node {
  flags: number;
  key: Buffer;
  /** Of a branch, the page below. */
  child: bigint;
  data: Buffer;
}

/** Reads MDB_db. */
export function readTree(bytes: Buffer, position: number): Tree {
  return {
    entries: Number(bytes.readBigUInt64LE(position + 32)),
    root: bytes.readBigUInt64LE(position + 40),
  };
}

export class PageCheck {
  #descriptor: number;
  #pageSize: number;
  #pages: number;
  #used: Uint8Array;
  /** The free lists are looked into; long values of other trees have checksums. */
  #readsLongValues = false;

  constructor(descriptor: number, pageSize: number, pages: number) {
    this.#descriptor = descriptor;
    this.#pageSize = pageSize;
    this.#pages = pages;
    this.#used = new Uint8Array(pages);
  }

  /** @returns the first fault in words; undefined when every page holds what its place demands */
  run(free: Tree, main: Tree): string | undefined {
    try {
      this.#walkTree(main, true, (node) => {
        if (node.flags & NodeFlag.tree) this.#walkTree(readTree(node.data, 0), true, () => undefined);
      });
      // Last, so that a page that is both free and in use is seen. Keys are numbers there, in the machine's byte order.
      this.#readsLongValues = true;
      this.#walkTree(free, false, (node) => this.#checkFreePages(node.data));
      return undefined;
    } catch (error) {
      if (error instanceof PageFault) return error.message;
      throw error;
    }
  }

  #walkTree(tree: Tree, ordered: boolean, visit: (node: Node) => void): void {
    if (tree.root === NO_PAGE) {
      if (tree.entries !== 0) throw new PageFault(`a tree of ${tree.entries} entries has no pages`);
      return;
    }
    const state = {
      entries: 0,
      last: undefined as Buffer | undefined,
      least: undefined as Buffer | undefined,
    };
    const visitEntry = (node: Node) => {
      state.entries += 1;
      if (ordered && (isBefore(node.key, state.last, true) || isBefore(node.key, state.least)))
        throw new PageFault('keys are out of order');
      state.last = node.key;
      visit(node);
    };
    // A branch says the least key of the pages below: a search that believes a wrong one finds nothing.
    const visitBranch = (key: Buffer) => {
      if (ordered && isBefore(key, state.last, true)) throw new PageFault('keys are out of order');
      state.least = key;
    };
    this.#walkPage(tree.root, 0, visitEntry, visitBranch);
    if (state.entries !== tree.entries)
      throw new PageFault(`a tree says ${tree.entries} entries and has ${state.entries}`);
  }

  #walkPage(
    number: bigint,
    level: number,
    visit: (node: Node) => void,
    visitBranch: (key: Buffer) => void,
  ): void {
    if (level > MOST_LEVELS) throw new PageFault('a tree of pages has no end');
    const page = this.#read(number, this.#pageSize);
    const flags = page.readUInt16LE(18);
    if (flags !== PageFlag.branch && flags !== PageFlag.leaf)
      throw new PageFault(`page ${number} has the flags ${flags}`);
    const isLeaf = flags === PageFlag.leaf;
    let isFirst = true;
    for (const node of this.#nodes(number, page, isLeaf)) {
      if (isLeaf) visit(node);
      else {
        // The first one of a branch page has no key of its own.
        if (!isFirst) visitBranch(node.key);
        this.#walkPage(node.child, level + 1, visit, visitBranch);
      }
      isFirst = false;
    }
  }

  *#nodes(number: bigint, page: Buffer, isLeaf: boolean): Generator<Node> {
    // Places in a page count from behind its header (PAGEBASE).
    const lower = PAGE_HEADER + page.readUInt16LE(20);
    const upper = PAGE_HEADER + page.readUInt16LE(22);
    if (lower % 2 !== 0 || lower > upper || upper > this.#pageSize)
      throw new PageFault(`page ${number} has a broken table`);
    for (let place = PAGE_HEADER; place < lower; place += 2) {
      const start = PAGE_HEADER + page.readUInt16LE(place);
      if (start < upper || start + NODE_HEADER > this.#pageSize)
        throw new PageFault(`page ${number} has an entry outside of itself`);
      const low = page.readUInt32LE(start);
      const flags = page.readUInt16LE(start + 4);
      const keyEnd = start + NODE_HEADER + page.readUInt16LE(start + 6);
      if (isLeaf && flags & ~(NodeFlag.overflow | NodeFlag.tree))
        throw new PageFault(`page ${number} has an entry of kind ${flags}`);
      const isOverflow = isLeaf && (flags & NodeFlag.overflow) !== 0;
      const dataEnd = keyEnd + (isLeaf ? (isOverflow ? OVERFLOW_REFERENCE : low) : 0);
      if (dataEnd > this.#pageSize || (isLeaf && flags & NodeFlag.tree && low !== TREE_BYTES))
        throw new PageFault(`page ${number} has an entry that does not fit`);
      const data = isOverflow ? this.#overflow(page, keyEnd, low) : page.subarray(keyEnd, dataEnd);
      const child = (BigInt(flags) << 32n) | BigInt(low);
      yield { flags: isLeaf ? flags : 0, key: page.subarray(start + NODE_HEADER, keyEnd), child, data };
    }
  }

  /** Data of a value that has pages of its own. */
  #overflow(page: Buffer, place: number, bytes: number): Buffer {
    const number = page.readBigUInt64LE(place);
    const pages = Math.ceil((PAGE_HEADER + bytes) / this.#pageSize);
    const head = this.#read(number, PAGE_HEADER, pages);
    const said = page.readBigUInt64LE(place + 16);
    if (
      head.readUInt16LE(18) !== PageFlag.overflow ||
      head.readUInt32LE(20) !== pages ||
      said !== BigInt(pages)
    )
      throw new PageFault(`page ${number} is not the ${pages} pages of a long value`);
    if (!this.#readsLongValues) return NOTHING;
    const data = Buffer.allocUnsafe(bytes);
    this.#readAt(data, Number(number) * this.#pageSize + PAGE_HEADER);
    return data;
  }

  /**
   * A page that is free and in use would be overwritten. The list has numbers of pages, lengths of runs (negative, before
   * the first page of the run) and empty places (0); what else it says is LMDB's own affair.
   */
  #checkFreePages(data: Buffer): void {
    const places = data.length >= 8 ? data.readBigUInt64LE(0) : NO_PAGE;
    if ((places + 1n) * 8n > BigInt(data.length)) throw new PageFault('a list of free pages is cut off');
    let run = 1;
    for (let place = 1; place <= Number(places); place++) {
      const entry = Number(data.readBigInt64LE(place * 8));
      if (entry > 0) {
        for (let page = entry; page < entry + run; page++)
          if (page >= this.#pages || this.#used[page]) throw new PageFault(`page ${page} is free and in use`);
      }
      run = entry < 0 ? -entry : 1;
    }
  }

  #read(number: bigint, bytes: number, pages = 1): Buffer {
    this.#use(number, pages);
    const page = Buffer.allocUnsafe(bytes);
    this.#readAt(page, Number(number) * this.#pageSize);
    if (page.readBigUInt64LE(0) !== number) throw new PageFault(`page ${number} says it is another`);
    return page;
  }

  #readAt(buffer: Buffer, position: number): void {
    if (readSync(this.#descriptor, buffer, 0, buffer.length, position) < buffer.length)
      throw new PageFault('a page is missing at the end of the file');
  }

  #use(number: bigint, pages: number): void {
    const first = Number(number);
    if (!(first >= 2 && first + pages <= this.#pages)) throw new PageFault(`there is no page ${number}`);
    for (let page = first; page < first + pages; page++) {
      if (this.#used[page]) throw new PageFault(`page ${page} is used twice`);
      this.#used[page] = 1;
    }
  }
}

function isBefore(key: Buffer, other: Buffer | undefined, orEqual = false): boolean {
  if (!other) return false;
  const difference = Buffer.compare(key, other);
  return orEqual ? difference <= 0 : difference < 0;
}

class PageFault extends Error {}
