import type { PhotoTools } from '../station-photos.svelte.ts';
import type { Timers } from '../timers.ts';
import { browserDarkroom } from './shrink.ts';

/** What the browser gives for photos; the protocol's library is loaded when the first one is sent. */
export function browserPhotoTools(timers: Timers): PhotoTools {
  return {
    darkroom: browserDarkroom(timers),
    fetch: (url) => fetch(url, { credentials: 'same-origin', cache: 'no-store' }),
    async transfer(photo, signal) {
      const loaded = await import('./tus-transfer.ts').catch(() => null);
      if (!loaded) return { kind: 'no-answer', moved: false };
      const fileOf = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes]);
      return loaded.tusTransfer({ timers, endpoint: '/api/photos', fileOf })(photo, signal);
    },
  };
}
