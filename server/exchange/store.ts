import type { AnyKind, Row } from '#engine/kind.ts';
import type { WireMutation } from '#engine/protocol.ts';
import type { Viewer } from '#engine/scope.ts';
import type { Suspects } from './suspects.ts';

/**
 * What the exchange needs of a database. PostgreSQL keeps it for a station, plain memory for the simulation; both are
 * driven by the same logic, so that what the simulation proves is what a station runs.
 */
export interface StationStore {
  /**
   * All of `work` or nothing of it. 'push' sees what others have committed at each call; 'pull' sees one moment.
   * Rejects with `Race` when somebody else was in between (do it again) and with `StoreRefused` when a check of the
   * store did not let the batch pass (do not do it again like this).
   */
  transaction<T>(station: string, mode: 'push' | 'pull', work: (tx: StationTransaction) => Promise<T>): Promise<T>;
  /** The counter and what is known of a device at one moment, without a transaction or a lock. */
  glance(station: string, device: string): Promise<Glance>;
}

export interface Glance {
  readonly clock: StationClock;
  /** Null when the device was never answered. */
  readonly device: DeviceState | null;
}

/** Somebody else changed what this transaction had read. */
export class Race extends Error {}

/** A check of the store (a key, a list of values) does not hold for what was to be written. */
export class StoreRefused extends Error {}

export interface StationClock {
  /** Counter of the station: the version of the newest record. */
  readonly version: number;
  /** Counter at the last change of each kind; kinds that never changed are absent. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Sum over all records of each kind; a kind that has changed and is absent has a sum nobody has made yet. */
  readonly sums: Readonly<Record<string, number>>;
  /** Changes when the database was restored from a backup. */
  readonly epoch: string;
}

export interface RecordName {
  readonly kind: string;
  readonly id: string;
}

/** Records to load: by id, and by equal values of fields. */
export interface Wanted {
  readonly rows: readonly RecordName[];
  readonly sets: readonly { readonly kind: string; readonly equal: Readonly<Record<string, unknown>> }[];
}

export interface LoadedRow {
  readonly kind: string;
  readonly version: number;
  readonly row: Row;
}

/** An act that was taken before, with the verdict it got. */
export interface TakenAct {
  readonly device: string;
  readonly person: string;
  readonly seq: number;
  readonly id: string;
  /** Hash of what the act said. */
  readonly content: string;
  readonly verdict: 'applied' | 'refused';
  readonly code: string | null;
}

/** An act with its verdict, as it is kept. */
export interface JudgedAct {
  readonly act: WireMutation;
  readonly content: string;
  readonly device: string;
  readonly person: string;
  /** Best known time of the act (ms, UTC). */
  readonly correctedAt: number;
  readonly receivedAt: number;
  readonly verdict: 'applied' | 'refused';
  readonly code: string | null;
  /** Id of the refused act this one depends on. */
  readonly heldWith: string | null;
  /** The records it changed. */
  readonly about: readonly RecordName[];
}

export interface DeviceContact {
  readonly at: number;
  readonly unsent: number;
  readonly oldestAt: number | null;
  readonly refused: number;
}

/** Everything one transaction of the push half writes. */
export interface WriteBatch {
  /** Version the written records carry. */
  readonly version: number;
  /** The last state of each changed record; null takes it away. */
  readonly rows: readonly { readonly kind: string; readonly id: string; readonly row: Row | null }[];
  readonly acts: readonly JudgedAct[];
  /** Acts whose number is taken by another act: kept for review only, as the number cannot be given twice. */
  readonly clashes: readonly JudgedAct[];
  /** What the office sees of the device, when it is to be noted. */
  readonly contact?: { readonly device: string; readonly facts: DeviceContact };
}

/** What the server knows of a device besides the records it holds. */
export interface DeviceState {
  /** Number of the last answer that carried anything. */
  readonly lastPull: number;
  /** Number of the answer that last filled the device anew; older cookies mean nothing any more. */
  readonly resetPull: number;
  /** Whether nothing was left over after the last answer. */
  readonly complete: boolean;
  /** Sum over what is noted of the device after the last answer, when complete. */
  readonly checksum: number | null;
  /** What the office was last told of this device. */
  readonly contact: DeviceContact | null;
}

export type NewDeviceState = Omit<DeviceState, 'contact'>;

/** A place in the changes of one kind, which are in the order of versions and ids. */
export interface ChangePlace {
  readonly version: number;
  readonly id: string;
}

/** One change of a kind of which the device holds every record: the record, or null when it was taken away. */
export interface WholeChange extends ChangePlace {
  readonly kind: string;
  readonly row: Row | null;
}

/** What a device lacks and what it holds without being allowed to. */
export interface Difference {
  readonly removed: readonly RecordName[];
  readonly rows: readonly LoadedRow[];
  /** There is more than fits into one answer. */
  readonly more: boolean;
}

export interface StationTransaction {
  clock(): Promise<StationClock>;
  /** Takes the counter: nobody else writes in this station until this transaction ends. The last lock it takes. */
  lockClock(): Promise<StationClock>;

  /** Acts taken before under one of these numbers of the device, or under one of these ids. */
  taken(device: string, acts: readonly { readonly seq: number; readonly id: string }[]): Promise<readonly TakenAct[]>;
  /** Highest number the device has used, 0 when none. */
  lastSeq(device: string): Promise<number>;
  /** Those of the ids that are refused acts of this device. */
  refusedActs(device: string, ids: readonly string[]): Promise<readonly string[]>;
  load(wanted: Wanted): Promise<readonly LoadedRow[]>;
  /** Writes rows, acts, review and audit; call after `lockClock`. */
  write(batch: WriteBatch): Promise<void>;

  /** What is known of the device; nobody else answers the same device until this transaction ends. */
  device(device: string): Promise<DeviceState>;
  /** The device has committed answer `pull` and is not known to have committed any later one. */
  confirm(device: string, pull: number): Promise<void>;
  /** Forgets all that the device holds: it is filled anew. */
  forget(device: string): Promise<void>;
  /**
   * Records of these kinds in the order of the kinds, at most `limit` including removals; removals come first. Without
   * `suspects` everything that the device holds and the person sees is compared, else only what these can have changed.
   */
  difference(
    device: string,
    viewer: Viewer,
    kinds: readonly AnyKind[],
    limit: number,
    suspects: Suspects | null,
  ): Promise<Difference>;
  /** The first `limit` changes of a kind behind a place; of records taken away, those behind version `goneAfter`. */
  changes(kind: string, after: ChangePlace, goneAfter: number, limit: number): Promise<readonly WholeChange[]>;
  /** Answer `pull` carries these. Gives the sum over what was noted of them before. */
  remember(device: string, pull: number, difference: Difference): Promise<number>;
  /** Sum over (kind, id, version) of what is noted of the device. */
  checksum(device: string): Promise<number>;
  saveDevice(device: string, state: NewDeviceState): Promise<void>;
}
