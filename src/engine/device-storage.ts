import type { LostActs, ToldLoss, WireIdentity, WireMutation } from './protocol.ts';

/**
 * What a phone must be able to keep. The client implements it over IndexedDB, the simulation over memory with crashes
 * between any two calls. Every method is all or nothing; a promise that resolved means the data is on the disk.
 */
export interface DeviceStorage {
  load(): Promise<StoredState>;
  /** First home of an act; gives it its device sequence number. "Saved" may be said only after this resolved. */
  append(entry: NewEntry): Promise<number>;
  /** What one answer of the server changes: rows, removals, verdicts, cookie and facts together. */
  commit(commit: StorageCommit): Promise<void>;
  /** Rewrites all pages as one compact set; what was removed is gone from the disk afterwards. */
  compact(pages: readonly StoredPage[]): Promise<void>;
  /** The author has read why an act was refused; it stays in the list of dealt-with entries. */
  acknowledgeRefusal(seq: number): Promise<void>;
}

/** An act as it is kept; everything the wire needs except the number that storage gives it. */
export type NewEntry = Omit<WireMutation, 'seq'> & Origin;

/** Where an act comes from that was not done on this device. */
export interface Origin {
  /** Its names on former devices of the same person, the earliest first: the centre may have taken it under any. */
  readonly former?: readonly FormerName[];
}

export interface FormerName {
  readonly device: string;
  readonly seq: number;
}

export type EntryState =
  /** Only here. */
  | { readonly state: 'unsent' }
  /** The centre has it, since this time of the centre's (ms). */
  | { readonly state: 'received'; readonly receivedAt: number }
  /** The centre did not take it; kept whole until its author has dealt with it. */
  | { readonly state: 'refused'; readonly code: string; readonly receivedAt: number; readonly read: boolean };

export type StoredEntry = WireMutation & Origin & EntryState;

/** Rows of the server's state, as they came over the wire: later pages win over earlier ones. */
export interface StoredPage {
  readonly rows: readonly StoredRow[];
  readonly removed: readonly { readonly kind: string; readonly id: string }[];
}

export interface StoredRow {
  readonly kind: string;
  readonly version: number;
  readonly row: { readonly id: string } & Readonly<Record<string, unknown>>;
}

export interface DeviceFacts {
  readonly epoch: string | null;
  readonly cookie: string | null;
  readonly identity: WireIdentity | null;
  /** Server time minus wall clock at the last contact (ms), null before the first. */
  readonly offset: number | null;
  /** Wall clock of the last contact (ms), null before the first. */
  readonly contactAt: number | null;
  /** Which fields of which kinds the pages have; another version of the app knows others. */
  readonly shape?: string | undefined;
  /** Set while an answer comes in parts and the last one is still missing. */
  readonly filling?: Filling | null;
  /** What was saved here and is gone, until the centre has been told. */
  readonly lost?: readonly LostActs[];
  /** What the centre was told of it, for as long as it may be restored from a backup that knows nothing of that. */
  readonly toldLost?: readonly ToldLoss[];
}

/** The state of the centre is shown whole or not at all: parts wait on the disk until the last one is there. */
export interface Filling {
  /**
   * How many of the stored pages made up the last whole state; those behind them are parts of the next. null when
   * there is no whole state (a phone that is filled for the first time or anew): then the parts are all there is.
   */
  readonly wholePages: number | null;
  /** Acts the centre has taken meanwhile; their effects are not in the last whole state. */
  readonly settling: readonly number[];
  /**
   * Acts sent again to a centre that was restored from a backup. Nobody knows which of them its state contains, so the
   * new state is whole only when all of them are judged.
   */
  readonly again: readonly number[];
}

export interface StoredState {
  readonly facts: DeviceFacts;
  readonly pages: readonly StoredPage[];
  readonly entries: readonly StoredEntry[];
}

export interface StorageCommit {
  readonly facts: DeviceFacts;
  /** Drop all pages first. */
  readonly reset: boolean;
  readonly page: StoredPage | null;
  readonly judged: readonly { readonly seq: number; readonly state: EntryState }[];
  /** Entries that are unsent again, after the server was restored from an older backup. */
  readonly unsentAgain: readonly number[];
  /** Received entries older than the time they are kept. */
  readonly forget: readonly number[];
}

export const noFacts: DeviceFacts = { epoch: null, cookie: null, identity: null, offset: null, contactAt: null };
