import { expect, it } from 'vitest';
import { keepAwake } from './keep-awake.ts';

/** A page that can be hidden, and a screen that counts who keeps it lit. */
function phone() {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
  const lit = { now: 0, refuses: false };
  const request = async () => {
    if (lit.refuses) throw new DOMException('Battery is low.', 'NotAllowedError');
    lit.now += 1;
    let isHeld = true;
    const release = async () => {
      if (isHeld) lit.now -= 1;
      isHeld = false;
    };
    page.addEventListener('visibilitychange', () => page.visibilityState === 'hidden' && void release());
    return { release } as WakeLockSentinel;
  };
  const show = (state: DocumentVisibilityState) => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { page, lit, show, wakeLock: { request } };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('keeps the screen lit until it is ended', async () => {
  const { page, lit, wakeLock } = phone();
  const end = keepAwake(page, wakeLock);
  await settled();
  expect(lit.now).toBe(1);
  end();
  await settled();
  expect(lit.now).toBe(0);
});

it('asks anew when the page is looked at again, and holds one at a time', async () => {
  const { page, lit, show, wakeLock } = phone();
  const end = keepAwake(page, wakeLock);
  await settled();
  show('hidden');
  await settled();
  expect(lit.now).toBe(0);
  show('visible');
  show('visible');
  await settled();
  expect(lit.now).toBe(1);
  end();
  show('visible');
  await settled();
  expect(lit.now).toBe(0);
});

it('goes on without where the phone has none or refuses', async () => {
  const { page, lit, wakeLock } = phone();
  keepAwake(page, undefined)();
  lit.refuses = true;
  const end = keepAwake(page, wakeLock);
  await settled();
  end();
  await settled();
  expect(lit.now).toBe(0);
});
