import type { ExchangeAnswer, ExchangeRequest, WireIdentity } from '../protocol.ts';

/** What became of one request to the centre. Only `answer` says that the centre has done anything. */
export type Asked<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  /** Nobody answered, or something in between (a hotel's welcome page) did. Try again later. */
  | { readonly kind: 'no-answer' }
  /** The centre is there but cannot now; it may have said when to come back (ms). */
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  /** This device is not signed in any more. Nothing is deleted for that. */
  | { readonly kind: 'sign-in' }
  /** The centre understood and declined; `code` is its word for why. */
  | { readonly kind: 'declined'; readonly code: string };

/** A device that now belongs to a person. */
export interface Enrolment {
  readonly device: string;
  readonly identity: WireIdentity;
  /** Seals this device's journal (32 bytes as base64); the same each time the device is asked for. */
  readonly journalKey: string;
  /** Opens the journals of devices that this person was on this phone before. */
  readonly formerKeys?: readonly { readonly device: string; readonly journalKey: string }[];
}

/** A way onto a phone for one person, once and for a short while. */
export interface JoinCode {
  /** Eight signs to read out and type. */
  readonly code: string;
  /** For the QR code's address, behind the '#'. */
  readonly token: string;
  /** When it stops working (ms). */
  readonly expiresAt: number;
  /** Whose it is. */
  readonly name: string;
}

/** One page of what lies beyond the device, and where the next begins; null on the last. */
export interface HistoryPage {
  readonly rows: readonly unknown[];
  readonly next: string | null;
}

export interface PokeListener {
  /** The centre has news, or the line has just been opened and may have missed some. */
  readonly onPoke: () => void;
  /** The line is closed and will not open again by itself. */
  readonly onEnd: () => void;
}

/** Everything a device asks of the centre. */
export interface ServerPort {
  exchange(request: ExchangeRequest): Promise<Asked<ExchangeAnswer>>;
  /** Opens the line over which the centre says "something changed"; returns how to close it. */
  listen(listener: PokeListener): () => void;
  /** `former`: devices whose journals lie on this phone. */
  join(token: string, former: readonly string[]): Promise<Asked<Enrolment>>;
  signIn(name: string, password: string, former: readonly string[]): Promise<Asked<Enrolment>>;
  /** The device this browser is known as at the centre, if it still is. */
  whoAmI(): Promise<Asked<Enrolment>>;
  signOut(): Promise<Asked<unknown>>;
  makeJoinCode(person: string): Promise<Asked<JoinCode>>;
  /** Gives somebody a name and a password to sign in with. */
  giveSignIn(person: string, name: string, password: string): Promise<Asked<unknown>>;
  revokeDevice(device: string): Promise<Asked<unknown>>;
  /** A read-only question about what no device holds; the questions stand in the features' server files. */
  readHistory(name: string, input: unknown): Promise<Asked<HistoryPage>>;
}
