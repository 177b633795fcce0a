/**
 * What a world tells the checker, as plain data. The types are written down once more on purpose: the checker must not
 * lean on the engine's own idea of anything.
 */
export interface PlainRow {
  readonly id: string;
  readonly [field: string]: unknown;
}

export type PlainRows = Readonly<Record<string, readonly PlainRow[]>>;

export interface PlainEntry {
  readonly seq: number;
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  readonly state: 'unsent' | 'received' | 'refused';
}

export interface PlainPerson {
  readonly person: string;
  readonly roles: readonly string[];
  readonly communities: readonly string[] | 'all';
}

/** One act in the server's own book. */
export interface PlainTaken {
  readonly device: string;
  readonly seq: number;
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  readonly person: string;
  readonly verdict: 'applied' | 'refused';
}

/** The server as it stands in its store at one moment. */
export interface PlainStation {
  readonly rows: PlainRows;
  /** Every act taken, in the order in which they were judged. */
  readonly taken: readonly PlainTaken[];
}

/** The disk of a phone: the rows of its pages merged in order, and every character on it outside the list of acts. */
export interface PlainDisk {
  readonly rows: ReadonlyMap<string, { readonly kind: string; readonly version: number; readonly row: PlainRow }>;
  readonly text: string;
  readonly entries: readonly PlainEntry[];
}

export type Happening =
  /** The phone said "saved" to its person. */
  | {
      readonly type: 'saved';
      readonly phone: string;
      readonly person: string;
      readonly entry: Omit<PlainEntry, 'state'>;
    }
  /** What one phone shows, and what it says about each act. */
  | {
      readonly type: 'shown';
      readonly phone: string;
      readonly person: string;
      readonly rows: PlainRows;
      readonly entries: readonly PlainEntry[];
      readonly station: PlainStation;
    }
  /** A phone has committed an answer with which the server says that nothing more waits. */
  | {
      readonly type: 'filled';
      readonly phone: string;
      readonly disk: PlainDisk;
      /** The server at the moment it gave that answer, and how often it had been set back by then. */
      readonly then: {
        readonly station: PlainStation;
        readonly today: string;
        readonly viewer: PlainPerson;
        readonly restores: number;
      };
    }
  /** The server was set back to an older state; phones do not know yet. */
  | { readonly type: 'restored'; readonly before: PlainStation }
  /** The app's process has died. */
  | { readonly type: 'died'; readonly phone: string }
  /** The phone has begun to be filled anew in several parts: what it held before is gone from its disk. */
  | { readonly type: 'emptied'; readonly phone: string }
  /** The phone's disk is known to have gone bad: it may be wrong until it is filled anew. */
  | { readonly type: 'rotten'; readonly phone: string };

/** One phone after everything has come to rest. */
export interface PlainPhone {
  readonly phone: string;
  readonly viewer: PlainPerson;
  readonly shown: PlainRows;
  readonly disk: PlainDisk;
}

export interface PlainEnd {
  readonly station: PlainStation;
  readonly today: string;
  readonly phones: readonly PlainPhone[];
  /** Acts kept whole for review after they were refused. */
  readonly review: readonly PlainTaken[];
}

export interface Anomaly {
  readonly rule: string;
  readonly phone: string | null;
  readonly detail: string;
}
