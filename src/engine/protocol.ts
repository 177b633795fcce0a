import type { Ranges } from './ranges.ts';

/**
 * The wire. These shapes are stable: a phone that was away for months still speaks them. Nothing here is removed or
 * changes its meaning; new optional fields may be added. Everything is plain JSON (no dates, no undefined).
 *
 * One exchange is one request: what the phone did goes up, verdicts and what changed for it come down.
 *
 *  1. The phone sends its unsent mutations in the order of their device sequence, the cookie of the last patch it
 *     has committed, and the epoch it knows.
 *  2. The server takes each mutation once (device, seq), judges it, and stores verdict and effects in one transaction.
 *  3. It compares what this person may see now with what this device is known to hold, and answers with rows to put,
 *     ids to remove, and a new cookie. What an unconfirmed answer carried is sent again.
 *  4. The phone commits rows, removals, verdicts and cookie together or not at all, then drops what was judged and
 *     applies what is still unsent on top again. `more` means: ask again at once.
 *  5. Both sides sum up what the device should hold; when the sums differ, the phone sends cookie null and is filled anew.
 */
export const protocolVersion = 1;

export interface WireMutation {
  /** Number of this act on this device, growing; (device, seq) is taken once. */
  readonly seq: number;
  /** UUIDv7, made on the phone; ids of new records derive from it. */
  readonly id: string;
  readonly name: string;
  /** Version of the arguments. */
  readonly version: number;
  readonly args: unknown;
  /** The phone's wall clock when the act happened (ms, UTC), right or wrong. */
  readonly claimedAt: number;
  /** Server time of the last contact (ms), or null if there was none yet. */
  readonly serverTime: number | null;
  /** Milliseconds on a clock that cannot be set, since that contact; null when the app was started anew since. */
  readonly sinceServer: number | null;
  /** Server time minus wall clock at the last contact (ms), or null. */
  readonly offset: number | null;
}

/**
 * What acts were called on a device that the same person had before: they moved along, and the centre may have taken
 * them under that name. Each run: `count` numbers from `now` on were the numbers from `then` on.
 */
export interface FormerNumbers {
  readonly device: string;
  readonly runs: readonly (readonly [now: number, then: number, count: number])[];
}

/** Acts that a phone had called saved and that are nowhere on it any more. */
export interface LostActs {
  /** Whose numbers these are: this device's, or those of one that the same person had before. */
  readonly device: string;
  /** Numbers that may be lost; the centre knows which of them it has. */
  readonly numbers: Ranges;
  /** Best known times of the first and of the last act that was unsent then (ms), as far as they are known. */
  readonly from: number | null;
  readonly to: number | null;
  /** What those of them that came from a former device were called there. Left out by older phones. */
  readonly former?: readonly FormerNumbers[];
}

/** A loss that the centre has answered to. */
export interface ToldLoss extends LostActs {
  /** When it had been told, by the centre's clock (ms). */
  readonly toldAt: number;
}

export interface ExchangeRequest {
  readonly protocol: number;
  /** Whose acts these are: a browser may have been signed in as another device meanwhile. Left out by older phones. */
  readonly device?: string;
  /** Epoch the cookie belongs to, null before the first exchange. */
  readonly epoch: string | null;
  /** Cookie of the last committed patch; null asks to be filled anew. */
  readonly cookie: string | null;
  readonly mutations: readonly WireMutation[];
  /** The same as columns, in place of `mutations`; only to a server that has said it takes them. */
  readonly acts?: PackedActs;
  /** This phone reads packed columns. Left out by older ones. */
  readonly packed?: true;
  /**
   * This phone remembers what it sends: the ids of verdicts and the values of its own new records may be left out of
   * the answer where its acts say them. Left out by older ones.
   */
  readonly brief?: true;
  /** What stays behind on the phone after this request: so that the office sees phones with unsent work. */
  readonly queue: {
    readonly unsent: number;
    readonly oldestAt: number | null;
    readonly refused: number;
    /**
     * Lowest and highest number of the acts that stay behind. One of them may have been taken with a request whose
     * answer was lost: its stored verdict comes with this answer, whose rows have its effect.
     */
    readonly numbers?: { readonly from: number; readonly to: number };
  };
  /** What this phone has lost since it was last answered. Told until an answer comes; the centre notes it once. */
  readonly lost?: readonly LostActs[];
}

/** Acts as columns: what all acts have, and their arguments by form, that is by which arguments there are. */
export interface PackedActs {
  readonly count: number;
  readonly columns: Readonly<Record<string, WireColumn>>;
  /** Which of the forms each act has. */
  readonly form: WireColumn;
  readonly forms: readonly {
    readonly count: number;
    readonly args: readonly (readonly [name: string, values: WireColumn])[];
  }[];
}

export interface Verdict {
  readonly seq: number;
  readonly id: string;
  readonly verdict: 'applied' | 'refused';
  /** True when the act had been taken before and this is the stored verdict. */
  readonly repeated: boolean;
  /** Why it was refused. */
  readonly code?: string;
}

/** Verdicts as columns; only for a phone that reads packed columns. */
export interface PackedVerdicts {
  readonly count: number;
  /** Without `id` when all are about acts of this very request; only for a phone that asked for a brief answer. */
  readonly columns: Readonly<Record<Exclude<keyof Verdict, 'id'>, WireColumn> & { id?: WireColumn }>;
}

/** One column of a page of rows: all the same, few different values, or each its own. */
export type WireColumn =
  | { readonly all: unknown }
  | { readonly words: readonly unknown[]; readonly at: readonly number[] }
  | { readonly each: readonly unknown[] }
  | PackedColumn
  /** A list of words, and for each value the place of its word as one sign, or two when there are many words. */
  | { readonly list: { readonly uuids: string } | { readonly each: readonly unknown[] }; readonly signs: string };

/** Forms of a column that are sent only to a side which has said that it reads them; see `packing.ts`. */
export type PackedColumn =
  /** UUIDs as bytes in base64. */
  | { readonly uuids: string }
  /** Whole numbers: the first and what is added each time, or the lowest and what each is above it. */
  | { readonly from: number; readonly step: number }
  | { readonly from: number; readonly steps: readonly number[] }
  | { readonly from: number; readonly above: readonly number[] };

/** The values are the arguments of this name of the acts named in `sent`. */
export interface SentColumn {
  readonly argument: string;
}

export interface KindPatch {
  readonly kind: string;
  /** Empty when the ids are packed. */
  readonly ids: readonly string[];
  readonly packedIds?: { readonly uuids: string };
  /**
   * In place of the ids: each record is named after an act of this very request, in this place of it. Only for a phone
   * that asked for a brief answer, and so are columns in its arguments.
   */
  readonly sent?: { readonly count: number; readonly places: WireColumn };
  /** Version of each row: the station's counter when it last changed. */
  readonly versions: WireColumn;
  readonly columns: Readonly<Record<string, WireColumn | SentColumn>>;
  readonly removed: readonly string[];
}

export interface Patch {
  /** The device's state starts anew with this patch. */
  readonly reset: boolean;
  readonly kinds: readonly KindPatch[];
}

export interface WireIdentity {
  readonly station: string;
  readonly person: string;
  readonly roles: readonly string[];
  readonly communities: readonly string[] | 'all';
}

export interface ExchangeAnswer {
  readonly verdicts: readonly Verdict[];
  readonly cookie: string;
  readonly patch: Patch;
  /** More rows wait; ask again at once with the new cookie. */
  readonly more: boolean;
  /** Sum over everything the device holds once this patch is committed; null while `more`. */
  readonly checksum: number | null;
  readonly serverTime: number;
  readonly epoch: string;
  /** The verdicts as columns, in place of `verdicts`. */
  readonly judged?: PackedVerdicts;
  /** This server takes packed acts. Left out by older ones. */
  readonly packed?: true;
  /** So many acts this server takes in one request; older ones do not say it and take 500. */
  readonly takes?: number;
  /** Who the device belongs to; present when it is new or has changed. */
  readonly you?: WireIdentity;
}

/** What a poke says: something changed in the station, ask when convenient. */
export interface Poke {
  readonly version: number;
}

/** Best known time of an act (ms, UTC); the same function on the phone and on the server. */
export function bestTime(act: Pick<WireMutation, 'claimedAt' | 'serverTime' | 'sinceServer' | 'offset'>): number {
  if (act.serverTime !== null && act.sinceServer !== null) return act.serverTime + act.sinceServer;
  return act.offset === null ? act.claimedAt : act.claimedAt + act.offset;
}
