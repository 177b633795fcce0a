import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { stationPart, type PhotoStore } from './photo-store.ts';

/**
 * Photos as files: `<folder>/<station>/<first two digits>/<hash>`. A file appears whole or not at all: it is written
 * under another name, flushed, renamed, and the folder flushed, so that a power cut leaves no photo that was promised.
 */
export class FolderStore implements PhotoStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(station: string, hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const place = this.#place(station, hash);
    const there = await stat(place).catch(() => null);
    if (there?.size === bytes.length) return;
    const folder = path.dirname(place);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const written = path.join(folder, `.${randomUUID()}`);
    try {
      await withFile(await open(written, 'wx', 0o600), async (file) => {
        await file.writeFile(bytes);
        await file.sync();
      });
      await rename(written, place);
    } catch (error) {
      await unlink(written).catch(() => undefined);
      throw error;
    }
    // Windows opens no folders; there the rename itself has to do.
    const handle = await open(folder, 'r').catch(() => null);
    if (handle) await withFile(handle, (opened) => opened.sync().catch(() => undefined));
  }

  async get(station: string, hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      return new Uint8Array(await readFile(this.#place(station, hash)));
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return null;
      throw error;
    }
  }

  #place(station: string, hash: string): string {
    return path.join(this.#folder, stationPart(station), hash.slice(0, 2), hash);
  }
}

async function withFile(file: FileHandle, work: (file: FileHandle) => Promise<unknown>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
