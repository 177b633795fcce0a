/**
 * Keeps the screen lit while the page is looked at: a volunteer with a box in each arm does not wake a phone at every
 * door. Browsers let go of it when the page is hidden (the phone is put into a pocket), so it is asked for anew. A phone
 * that cannot, or will not with a nearly empty battery, goes dark as always. Returns how to end it.
 */
export function keepAwake(
  page: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>,
  wakeLock: Pick<WakeLock, 'request'> | undefined,
): () => void {
  let held: Promise<WakeLockSentinel | null> = Promise.resolve(null);
  const letGo = () => held.then((lock) => lock?.release()).catch(() => undefined);
  const ask = () => {
    if (page.visibilityState !== 'visible' || !wakeLock) return;
    void letGo();
    held = wakeLock.request('screen').catch(() => null);
  };
  ask();
  page.addEventListener('visibilitychange', ask);
  return () => {
    page.removeEventListener('visibilitychange', ask);
    void letGo();
  };
}
