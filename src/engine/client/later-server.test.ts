import { describe, expect, it, vi } from 'vitest';
import { LaterServer } from './later-server.ts';
import type { ServerPort } from './server-port.ts';
import { MemoryCentre, settle } from './testing.ts';

describe('a way to the centre that is loaded when it is gone', () => {
  it('is loaded once, at the first question', async () => {
    const centre = new MemoryCentre();
    const load = vi.fn<() => Promise<ServerPort>>(async () => centre);
    const server = new LaterServer(load);
    await settle();
    expect(load).not.toHaveBeenCalled();
    expect(await Promise.all([server.whoAmI(), server.whoAmI()])).toEqual([
      await centre.whoAmI(),
      await centre.whoAmI(),
    ]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('that cannot be loaded is nobody who answers, and is tried again', async () => {
    const centre = new MemoryCentre();
    const load = vi.fn<() => Promise<ServerPort>>(async () => centre);
    load.mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'));
    load.mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'));
    const server = new LaterServer(load);
    const onEnd = vi.fn<() => void>();
    server.listen({ onPoke: () => undefined, onEnd });
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(1));
    expect(await server.whoAmI()).toEqual({ kind: 'no-answer' });
    expect(await server.whoAmI()).toEqual(await centre.whoAmI());
  });

  it('does not open a line that was hung up before it was loaded', async () => {
    const centre = new MemoryCentre();
    const listen = vi.spyOn(centre, 'listen');
    const server = new LaterServer(async () => centre);
    server.listen({ onPoke: () => undefined, onEnd: () => undefined })();
    await settle();
    expect(listen).not.toHaveBeenCalled();
    const hangUp = vi.fn<() => void>();
    listen.mockReturnValueOnce(hangUp);
    const end = server.listen({ onPoke: () => undefined, onEnd: () => undefined });
    await vi.waitFor(() => expect(listen).toHaveBeenCalledTimes(1));
    end();
    expect(hangUp).toHaveBeenCalledTimes(1);
  });
});
