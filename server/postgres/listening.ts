import postgres from 'postgres';
import { listenRetryMaxMs, listenRetryMs } from '#server/limits.ts';
import type { Sql } from './connect.ts';

export interface Listener {
  readonly heard: (payload: string) => void;
  /** Listening begins, for the first time or again; what was said before was not heard. */
  readonly listening: () => void;
}

/**
 * Listens on a connection of its own for as long as the process lives. The driver's own way gives up for good when the
 * database is away at the moment in which it tries again; this one goes on trying. Resolves when it listens for the
 * first time, with how to end it; rejects when it cannot even once.
 */
export async function keepListening(sql: Sql, channel: string, listener: Listener): Promise<() => Promise<void>> {
  const life = new AbortController();
  let trying = true;
  const options = {
    ...sql.options,
    ...{ max: 1, idle_timeout: null, max_lifetime: null, fetch_types: false },
    onnotify: (_channel: string, payload: string) => listener.heard(payload),
    onclose: () => {
      if (!life.signal.aborted && !trying) void again();
    },
  };
  const line = postgres(options as unknown as postgres.Options<Record<string, never>>);
  const begin = async (): Promise<void> => {
    await line.unsafe(`listen ${channel}`);
    listener.listening();
  };
  const again = async (): Promise<void> => {
    trying = true;
    for (let waitMs = listenRetryMs; !life.signal.aborted; waitMs = Math.min(2 * waitMs, listenRetryMaxMs)) {
      const listens = await begin().then(
        () => true,
        () => false,
      );
      if (listens) break;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    trying = false;
  };
  await begin();
  trying = false;
  return async () => {
    life.abort();
    await line.end({ timeout: 1 });
  };
}
