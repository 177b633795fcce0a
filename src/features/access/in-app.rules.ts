/** Whose own window shows this page, where that is not a browser. */
export type Host = 'wechat' | 'ios-app';

/**
 * A window of WeChat, or of any other app of an iPhone, keeps nothing for long and opens nothing without a signal. Safari
 * and the browsers of an iPhone name Safari; an app that was put on the home screen does not either, but it is whole:
 * `standalone` says so. Null for a browser.
 */
export function hostOf(userAgent: string, standalone: boolean): Host | null {
  if (/MicroMessenger\//i.test(userAgent)) return 'wechat';
  const apple = /\b(iPhone|iPad|iPod)\b/.test(userAgent) && /AppleWebKit\//.test(userAgent);
  return apple && !standalone && !/Safari\//.test(userAgent) ? 'ios-app' : null;
}
