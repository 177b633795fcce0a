import { bestTime } from '../protocol.ts';
import type { Replica } from '../replica.ts';
import type { Keeping } from './journaled-storage.ts';
import type { LoopState } from './sync-loop.ts';

/** The three words and nothing else: 在本机, 发送中, 中心已收到. */
export type StatusWord = 'onPhone' | 'sending' | 'received';

export interface StationStatus {
  readonly word: StatusWord;
  /** Acts that only this phone has. */
  readonly unsent: number;
  /** Acts on their way at this moment. */
  readonly sending: number;
  /** Best known time of the oldest unsent act (ms), or null. */
  readonly oldestAt: number | null;
  /** Acts that the centre did not take and whose author has not read why. */
  readonly refusedUnread: number;
  /** Best known time of the last contact with the centre (ms), or null before the first. */
  readonly contactAt: number | null;
  /** Rounds in a row without answer; 0 means that the last one reached the centre. */
  readonly misses: number;
  readonly needsSignIn: boolean;
  /** The browser cannot tell tabs apart: only one should be used. */
  readonly alone: boolean;
  /** How well this phone keeps what is not with the centre yet. */
  readonly keeping: Keeping;
  /** An answer of the centre could not be written on this phone. */
  readonly cannotStore: boolean;
  /** How far this phone's clock is ahead of the centre's (ms, negative: behind), null before the first contact. */
  readonly clockAheadMs: number | null;
}

/** The status as it is true now. "中心已收到" needs a contact and nothing unsent, whatever the loop is doing. */
export function statusOf(
  replica: Pick<Replica, 'unsent' | 'entries' | 'facts'>,
  loop: LoopState,
  { alone, keeping }: Pick<StationStatus, 'alone' | 'keeping'>,
): StationStatus {
  const { unsent, facts } = replica;
  const times = unsent.map(bestTime);
  const sending = Math.min(loop.sending, unsent.length);
  return {
    word: wordOf(unsent.length, sending, facts.contactAt !== null),
    unsent: unsent.length,
    sending,
    oldestAt: times.length > 0 ? Math.min(...times) : null,
    refusedUnread: replica.entries.filter((entry) => entry.state === 'refused' && !entry.read).length,
    contactAt: facts.contactAt === null ? null : facts.contactAt + (facts.offset ?? 0),
    misses: loop.misses,
    needsSignIn: loop.needsSignIn,
    alone,
    keeping,
    cannotStore: loop.cannotStore,
    clockAheadMs: facts.offset === null ? null : -facts.offset,
  };
}

function wordOf(unsent: number, sending: number, reached: boolean): StatusWord {
  if (sending > 0) return 'sending';
  return unsent === 0 && reached ? 'received' : 'onPhone';
}
