import { DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import type { Bytes } from '../sealer.ts';
import type { Timers } from '../timers.ts';
import type { Going, Sent, Transfer } from './photo-queue.ts';

/**
 * Bytes of one request. A proxy that gathers whole requests loses a part at each break, and a browser may repeat one;
 * a tenth of the time goes into beginning them on a slow line.
 */
const partBytes = 32 * 1024;
/** So long without a byte moving means that the line is gone, whatever the browser believes (ms). */
const patienceMs = 45_000;

interface TransferParts {
  readonly timers: Timers;
  readonly endpoint: string;
  /** What the protocol's library takes as a file here. */
  readonly fileOf: (bytes: Bytes) => Blob | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a photo by tus: in parts, on from where the centre says it has come. */
export function tusTransfer(parts: TransferParts): Transfer {
  return (photo, signal) => new Promise((resolve) => new Attempt(parts, photo, signal, resolve).start());
}

/** One attempt at one photo; ends with the first of: received, refused, broken, nothing moves, called off. */
class Attempt {
  readonly #parts: TransferParts;
  readonly #photo: Going;
  readonly #signal: AbortSignal;
  readonly #resolve: (sent: Sent) => void;
  readonly #upload: Upload;
  #callOff: () => void = () => undefined;
  #ended = false;
  /** Bytes that the centre has said it has, and whether that was more than at first. */
  #moved = false;
  #first: number | null = null;

  constructor(parts: TransferParts, photo: Going, signal: AbortSignal, resolve: (sent: Sent) => void) {
    this.#parts = parts;
    this.#photo = photo;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#upload = new Upload(parts.fileOf(photo.bytes), this.#options());
  }

  start(): void {
    if (this.#signal.aborted) return this.#end({ kind: 'no-answer', moved: false });
    this.#signal.addEventListener('abort', this.#stopped, { once: true });
    this.#watch();
    this.#upload.start();
  }

  readonly #stopped = (): void => {
    void this.#upload.abort();
    this.#end({ kind: 'no-answer', moved: this.#moved });
  };

  #options(): UploadOptions {
    const { endpoint, headers } = this.#parts;
    const { hash, url, onBegun } = this.#photo;
    return {
      // Without an endpoint the library does not begin anew by itself when the centre is merely busy.
      ...(url === null ? { endpoint } : { uploadUrl: url }),
      chunkSize: partBytes,
      // When to try again is the queue's business, and what was begun is kept beside the bytes.
      retryDelays: null as never,
      storeFingerprintForResuming: false,
      metadata: { hash },
      headers: { 'x-nuanlin': '1', ...headers },
      onUploadUrlAvailable: () => {
        if (url === null) void onBegun(this.#upload.url ?? '').catch(() => undefined);
      },
      onProgress: (bytes: number) => {
        this.#watch();
        this.#first ??= bytes;
        this.#moved ||= bytes > this.#first;
      },
      onSuccess: () => this.#end({ kind: 'received' }),
      onError: (error) => this.#end(this.#failure(error)),
    };
  }

  /** Begins to wait anew: something has moved. */
  #watch(): void {
    this.#callOff();
    this.#callOff = this.#ended ? () => undefined : this.#parts.timers.after(patienceMs, this.#stopped);
  }

  #failure(error: Error): Sent {
    const moved = this.#moved;
    const response = error instanceof DetailedError ? error.originalResponse : null;
    const status = response?.getStatus() ?? 0;
    // Only what the centre itself has said may mean more than a broken line.
    if (!response?.getHeader('tus-resumable')) return { kind: 'no-answer', moved };
    if (status === 401) return { kind: 'sign-in' };
    if (status === 404 || status === 410) return { kind: 'begin-anew' };
    if (status === 429 || status >= 500) {
      const seconds = Number(response.getHeader('retry-after') ?? Number.NaN);
      return { kind: 'busy', retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : null };
    }
    const code = codeIn(response.getBody());
    return code === null || status === 409 ? { kind: 'no-answer', moved } : { kind: 'refused', code };
  }

  #end(sent: Sent): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#callOff();
    this.#signal.removeEventListener('abort', this.#stopped);
    this.#resolve(sent);
  }
}

/** The code of a refusal of ours; null for a page that somebody in between has sent. */
function codeIn(body: string): string | null {
  try {
    const { error } = JSON.parse(body) as { error?: { data?: { code?: unknown } } };
    return typeof error?.data?.code === 'string' ? error.data.code : null;
  } catch {
    return null;
  }
}
