/** How a page gets onto the home screen: every maker's browser has its key elsewhere and words of its own. */
export type InstallWay = 'iphone' | 'iphone-other' | 'android' | 'huawei' | 'maker' | 'computer';

/** All ways, in the order in which they are listed for whoever helps somebody else. */
export const installWays: readonly InstallWay[] = ['iphone', 'iphone-other', 'android', 'huawei', 'maker', 'computer'];

/** Browsers that phone makers and app makers of China put on their phones: the menu is at the bottom, the words vary. */
const makersBrowser =
  /MiuiBrowser|HeyTapBrowser|OppoBrowser|VivoBrowser|UCBrowser|MQQBrowser|QQBrowser|Quark|HonorBrowser/i;

/**
 * The way in the browser that calls itself so. `touchPoints` tells an iPad, which calls itself a Mac, from a Mac.
 * Nothing but the pictured steps hangs on it, so a wrong guess costs a look at the list below.
 */
export function installWayOf(userAgent: string, touchPoints: number): InstallWay {
  const isApple = /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && touchPoints > 1);
  if (isApple) return /\b(CriOS|FxiOS|EdgiOS|MQQBrowser|UCBrowser|Quark)\b/.test(userAgent) ? 'iphone-other' : 'iphone';
  if (/HuaweiBrowser|ArkWeb|OpenHarmony/i.test(userAgent)) return 'huawei';
  if (!/Android/i.test(userAgent)) return 'computer';
  return makersBrowser.test(userAgent) ? 'maker' : 'android';
}
