import { station } from '#engine/client/station.svelte.ts';
import type { StoredEntry } from '#engine/device-storage.ts';
import { bestTime } from '#engine/protocol.ts';
import { elder } from '#features/people/elder.record.ts';
import { m } from '#messages';
import { momentWords } from '#ui/format.ts';

/** An act as its author knows it again: what, for whom, when. */
export function entryWords(entry: StoredEntry, now: number): string {
  const what = [station.labelOf(entry), whomOf(entry)].filter(Boolean).join(' ');
  return m.access_entry({ what, time: momentWords(bestTime(entry), now) });
}

/** The elder whom the act is about, by the name they are called; empty when it is about nobody that is known here. */
function whomOf(entry: StoredEntry): string {
  const subject = subjectOf(entry);
  const id = subject && 'elderId' in subject ? subject.elderId : subject?.id;
  const who = typeof id === 'string' ? station.records(elder).get(id) : undefined;
  return who?.callName ?? who?.name ?? '';
}

function subjectOf({ name, args }: StoredEntry) {
  try {
    const { about } = station.mutationNamed(name);
    return about && station.records(about.kind).get(about.id(args as never));
  } catch {
    // An act of a desk that this phone has not fetched yet is told without a name.
    return undefined;
  }
}
