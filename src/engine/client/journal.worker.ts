/// <reference lib="webworker" />
/**
 * Holds the file of the journal. The only handle that writes in place and flushes is to be had in a worker. Tabs share
 * one file: whoever uses it holds a lock, and a browser that gives the handle to one tab only has it opened anew for
 * each turn.
 */
import type { JournalAnswer, JournalAsk, JournalRequest } from './journal.ts';
import { Ring, type RingRecord, type SyncFile } from './ring.ts';
import { browserTimers } from './timers.ts';
import { Turns } from './turns.ts';

declare const self: DedicatedWorkerGlobalScope;

type Handle = FileSystemSyncAccessHandle & SyncFile;

const folderName = 'nuanlin';
const prefix = 'journal-';
/** 4 MiB: 8,192 slots of 512 bytes, so that 4,000 acts fit even when each needs two. */
const slots = 8_192;

const turns = new Turns({
  lock: (whileHeld) => ('locks' in navigator ? navigator.locks.request('nuanlin-journal', whileHeld) : whileHeld()),
  timers: browserTimers,
  now: () => performance.now(),
});

let device = '';
let shared: { readonly handle: Handle; readonly ring: Ring } | null = null;

self.onmessage = (event: MessageEvent<JournalRequest>) => {
  const { id, ...request } = event.data;
  void turns
    .take(() => answer(request))
    .then((value) => ({ id, value }))
    .catch((error: unknown) => ({ id, error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' }))
    .then((said: JournalAnswer) => self.postMessage(said, []));
};

async function answer(request: JournalAsk): Promise<unknown> {
  switch (request.ask) {
    case 'devices':
      return devices();
    case 'open':
      device = request.device;
      return withRing((ring) => ({ highestSeq: ring.highestSeq, seqs: ring.seqs() }));
    case 'seqs':
      return withRing((ring) => ring.seqs());
    case 'append':
      return withRing((ring) => ring.append(request.bytes, request.floor));
    case 'read':
      return withRing((ring): RingRecord[] => ring.read(request.seqs));
    case 'release':
      return withRing((ring) => ring.release(request.seqs));
    case 'remove':
      return remove();
  }
}

/** Runs the work on the file's ring; the handle stays open where other tabs may have one too. */
async function withRing<T>(work: (ring: Ring) => T): Promise<T> {
  if (shared) return work(shared.ring);
  const file = await (await folder()).getFileHandle(fileName(), { create: true });
  const handle = await openHandle(file);
  let keep = false;
  try {
    const ring = Ring.open(handle, slots);
    keep = (handle as { mode?: string }).mode === 'readwrite-unsafe';
    if (keep) shared = { handle, ring };
    return work(ring);
  } finally {
    if (!keep) handle.close();
  }
}

async function openHandle(file: FileSystemFileHandle): Promise<Handle> {
  const open = file.createSyncAccessHandle.bind(file) as (options?: { mode: string }) => Promise<Handle>;
  return open({ mode: 'readwrite-unsafe' });
}

async function remove(): Promise<void> {
  shared?.handle.close();
  shared = null;
  await (await folder()).removeEntry(fileName()).catch(() => undefined);
}

async function devices(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (await folder()).keys()) if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
  return names;
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true });
}

const fileName = (): string => `${prefix}${device}`;
