/**
 * The phone's real storage without the app around it: IndexedDB, the journal in its worker, seals and canary. The test
 * outside drives it through `window.phone`.
 */
import { browserSurroundings } from '#engine/client/surroundings.ts';
import { enrolDevice, findDevice, type OpenDevice } from '#engine/client/device.ts';
import type { NewEntry } from '#engine/device-storage.ts';
import { rangesOf } from '#engine/ranges.ts';

const enrolment = {
  device: 'tortured',
  journalKey: btoa('0123456789abcdef0123456789abcdef'),
  identity: { station: 's1', person: 'p1', roles: [], communities: 'all' },
} as const;

const around = browserSurroundings();
let open: OpenDevice | null = null;
/** Ids of acts that were called saved, as the screen would have. */
const saved: string[] = [];
const seqs: number[] = [];
const failed: string[] = [];
const times: number[] = [];

/** As the app starts: opens what is there, or comes back after a loss as the centre would let it. */
async function start() {
  const found = await findDevice(around);
  const how = found.kind === 'open' ? 'open' : found.kind;
  open = found.kind === 'open' ? found : await enrolDevice(enrolment, around, Date.now());
  const state = await open.storage.load();
  open.storage.attach({
    snapshot: () => state,
    stillOurs: () => true,
    rebuilt: () => undefined,
    replaced: () => undefined,
    onKeeping: () => undefined,
  });
  const entries = state.entries.map(({ id, seq }) => ({ id, seq }));
  return { how, keeping: open.storage.keeping, entries };
}

/** An act as long as an ordinary one. */
function entry(id: string): NewEntry {
  const args = { stopId: `${id}:stop`, note: '敲重一点，狗不咬人' };
  return { id, name: 'delivery.handOver', version: 1, args, claimedAt: Date.now(), ...noTimes };
}
const noTimes = { serverTime: null, sinceServer: null, offset: null };

/** Saves so many acts one after the other; what was saved is known outside at once. */
async function work(prefix: string, count: number) {
  if (!open) throw new Error('Not started.');
  for (let at = 0; at < count; at += 1) {
    const id = `${prefix}-${at}`;
    const from = performance.now();
    try {
      const seq = await open.storage.append(entry(id));
      times.push(performance.now() - from);
      seqs.push(seq);
      around.canary.write({ device: 'tortured', highestSeq: seq, unsent: rangesOf(seqs), from: null, to: null });
      saved.push(id);
      await (globalThis as unknown as Outside).told(id);
    } catch {
      failed.push(id);
    }
  }
}

interface Outside {
  told(id: string): Promise<void>;
}

Object.assign(globalThis, {
  phone: { start, work, state: () => ({ failed: failed.length, keeping: open?.storage.keeping, times }) },
});
