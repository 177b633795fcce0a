import { expect, it, vi } from 'vitest';
import { shareStop } from './share-stop.ts';

const give = (phone: object) =>
  shareStop('route-day-1', 'stop-1', 'https://nuanlin.example', phone as Pick<Navigator, 'share' | 'clipboard'>);

it('gives the address of the stop in the app and words that are the same for everybody', async () => {
  const share = vi.fn<(what: ShareData) => Promise<void>>(async () => undefined);
  expect(await give({ share })).toBe('sent');
  const [said] = share.mock.calls[0] ?? [];
  expect(said?.url).toBe('https://nuanlin.example/route/route-day-1/stop-1');
  expect(Object.keys(said ?? {})).toEqual(['text', 'url']);
});

it('leaves it when the person thinks better of it', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined);
  const share = async () => Promise.reject(new DOMException('Closed.', 'AbortError'));
  expect(await give({ share, clipboard: { writeText } })).toBe('put-back');
  expect(writeText).not.toHaveBeenCalled();
});

it('copies it where the phone cannot share, or will not', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined);
  expect(await give({ clipboard: { writeText } })).toBe('copied');
  expect(writeText.mock.calls[0]?.[0]).toContain('https://nuanlin.example/route/route-day-1/stop-1');
  const share = async () => Promise.reject(new DOMException('Not here.', 'NotAllowedError'));
  expect(await give({ share, clipboard: { writeText } })).toBe('copied');
});

it('says when neither is possible', async () => {
  expect(await give({})).toBe('not-possible');
  expect(await give({ clipboard: { writeText: async () => Promise.reject(new Error('No.')) } })).toBe('not-possible');
});
