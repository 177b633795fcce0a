import { expect, it } from 'vitest';
import { installWayOf, installWays } from './install-ways.rules.ts';

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const android = 'Mozilla/5.0 (Linux; Android 14; V2302A) AppleWebKit/537.36 (KHTML, like Gecko)';
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';

it.each([
  [`${iphone} Version/18.4 Mobile/15E148 Safari/604.1`, 5, 'iphone'],
  [`${iphone} CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1`, 5, 'iphone-other'],
  [`${mac} Version/18.4 Safari/605.1.15`, 5, 'iphone'],
  [`${mac} Version/18.4 Safari/605.1.15`, 0, 'computer'],
  [`${android} Chrome/130.0.0.0 Mobile Safari/537.36`, 5, 'android'],
  [`${android} Chrome/130.0.0.0 Mobile Safari/537.36 EdgA/130.0.0.0`, 5, 'android'],
  [`${android} Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36`, 5, 'huawei'],
  ['Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0.0.0 ArkWeb/4.1.6.1 Mobile', 5, 'huawei'],
  [`${android} Version/4.0 Chrome/100.0.4896.127 Mobile Safari/537.36 XiaoMi/MiuiBrowser/19.2`, 5, 'maker'],
  [`${android} Version/4.0 Chrome/123.0.0.0 Mobile Safari/537.36 VivoBrowser/23.7`, 5, 'maker'],
  [`${android} Version/4.0 Chrome/115.0.0.0 Mobile Safari/537.36 HeyTapBrowser/45.10`, 5, 'maker'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36', 0, 'computer'],
  ['', 0, 'computer'],
])('%s is told the way of its own browser', (userAgent, touchPoints, way) => {
  expect(installWayOf(userAgent, touchPoints)).toBe(way);
});

it('lists every way once', () => {
  expect(new Set(installWays).size).toBe(installWays.length);
});
