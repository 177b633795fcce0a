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
}

export interface PokeListener {
  /** The centre has news, or the line has just been opened and may have missed some. */
  readonly onPoke: () => void;
  /** The line is closed and will not open again by itself. */
  readonly onEnd: () => void;
}

/** Everything the phone asks of the centre by itself. */
export interface ServerPort {
  exchange(request: ExchangeRequest): Promise<Asked<ExchangeAnswer>>;
  /** Opens the line over which the centre says "something changed"; returns how to close it. */
  listen(listener: PokeListener): () => void;
  join(token: string): Promise<Asked<Enrolment>>;
  signIn(name: string, password: string): Promise<Asked<Enrolment>>;
  /** The device this browser is known as at the centre, if it still is. */
  whoAmI(): Promise<Asked<Enrolment>>;
  signOut(): Promise<Asked<unknown>>;
}
