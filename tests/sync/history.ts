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
  /** A tab begins to read the disk: what was saved on this phone until now is there for it. */
  | { readonly type: 'opens'; readonly phone: string; readonly tab: string }
  /** A tab said "saved" to the person. */
  | {
      readonly type: 'saved';
      readonly phone: string;
      readonly tab: string;
      readonly person: string;
      readonly entry: Omit<PlainEntry, 'state'>;
    }
  /** What one tab shows, what it says about each act, and the word it has for all of them. */
  | {
      readonly type: 'shown';
      readonly phone: string;
      readonly tab: string;
      readonly person: string;
      readonly rows: PlainRows;
      readonly entries: readonly PlainEntry[];
      readonly word: string | null;
      /** Runs an older app than another tab here may: it cannot show what acts in newer words do. */
      readonly older?: boolean;
      readonly station: PlainStation;
    }
  /** A phone has committed an answer with which the server says that nothing more waits. */
  | {
      readonly type: 'filled';
      readonly phone: string;
      readonly tab: string;
      readonly disk: PlainDisk;
      /** Fields that this version of the app does not know, as 'kind.field'. */
      readonly lacks: readonly string[];
      /** The server at the moment it gave that answer, and how often it had been set back by then. */
      readonly then: PlainMoment;
    }
  /** The server was set back to an older state; phones do not know yet. */
  | { readonly type: 'restored'; readonly before: PlainStation; readonly at: number }
  /** A tab has read the disk; not whole while the phone is filled anew and the last part is still missing. */
  | { readonly type: 'reads'; readonly phone: string; readonly tab: string; readonly whole: boolean }
  /** The phone's disk is known to have gone bad: it may be wrong until it is filled anew. */
  | { readonly type: 'rotten'; readonly phone: string }
  /**
   * These acts are no longer on the phone; `noted` when the note beside its store is still there, `emptied` when nothing
   * else is left in the store either.
   */
  | {
      readonly type: 'lost';
      readonly phone: string;
      readonly device: string;
      readonly acts: readonly PlainEntry[];
      readonly noted: boolean;
      readonly emptied: boolean;
    }
  /** The server is about to write down what a device says it has lost; `station` is what it has at that moment. */
  | { readonly type: 'told'; readonly device: string; readonly numbers: string; readonly station: PlainStation }
  /** The server threw something at a request, which in a station is an answer 500 and a line in the log. */
  | { readonly type: 'broken'; readonly what: string }
  /** Something in the server's store does not fit the rest of it. */
  | { readonly type: 'doubtful'; readonly what: string }
  /** These acts are no longer on the phone and need not be: the store was emptied, or the phone became a new device. */
  | { readonly type: 'excused'; readonly phone: string; readonly acts: readonly PlainEntry[] };

export interface PlainMoment {
  readonly station: PlainStation;
  readonly today: string;
  readonly viewer: PlainPerson;
  readonly restores: number;
  /** Whether the device belonged to anybody when it asked. */
  readonly admitted: boolean;
}

/** One tab after everything has come to rest. */
export interface PlainTab {
  readonly phone: string;
  readonly viewer: PlainPerson;
  readonly lacks: readonly string[];
  readonly shown: PlainRows;
  readonly disk: PlainDisk;
}

export interface PlainEnd {
  readonly station: PlainStation;
  readonly today: string;
  readonly tabs: readonly PlainTab[];
  /** Whether one tab at a time talks to the server, and no disk said of an act that it was not written. */
  readonly inOrder: boolean;
  /** Acts kept whole for review after they were refused. */
  readonly review: readonly PlainTaken[];
}

export interface Anomaly {
  readonly rule: string;
  readonly phone: string | null;
  readonly detail: string;
}

/** An act that was called saved. */
export interface Saved extends Omit<PlainEntry, 'state'> {
  readonly phone: string;
  readonly tab: string;
  readonly person: string;
}

export type Report = (rule: string, phone: string | null, detail: string) => void;
