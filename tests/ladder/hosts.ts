import type { Browser } from 'playwright-core';
import { m } from '#messages';
import { phoneSize, shown, waitFor } from '../e2e/support/browsers.ts';

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

/** Windows of other apps in which a code may be opened, and what they are told. */
export const hosts = {
  wechat: { userAgent: `${iphone} Mobile/15E148 MicroMessenger/8.0.49`, said: m.access_in_wechat },
  iosApp: { userAgent: `${iphone} Mobile/15E148`, said: m.access_in_app },
} as const;

/** Opens a scanned code and the sign-in in such a window; gives what is not as it should be, in words. */
export async function openIn(browser: Browser, url: string, host: keyof typeof hosts): Promise<readonly string[]> {
  const { userAgent, said } = hosts[host];
  const context = await browser.newContext({ viewport: phoneSize, locale: 'zh-CN', userAgent });
  try {
    const page = await context.newPage();
    await page.goto(`${url}/join#a-code-that-counts-once`);
    await waitFor(page, m.access_join_here());
    const atJoin = await shown(page);
    const kept = page.url().endsWith('#a-code-that-counts-once');
    await page.goto(`${url}/sign-in`);
    await waitFor(page, m.access_sign_in());
    const atSignIn = await shown(page);
    return [
      ...(atJoin.includes(said()) ? [] : ['joining does not say how to open the browser']),
      ...(kept ? [] : ['the code is not in the address any more']),
      ...(atSignIn.includes(said()) ? [] : ['signing in does not say how to open the browser']),
    ];
  } finally {
    await context.close();
  }
}
