import { expect, it } from 'vitest';
import { hostOf } from './in-app.rules.ts';

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const android = 'Mozilla/5.0 (Linux; Android 13; V2118A) AppleWebKit/537.36 (KHTML, like Gecko)';

it.each<[string, string, boolean, ReturnType<typeof hostOf>]>([
  [
    'WeChat on Android',
    `${android} Version/4.0 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.48`,
    false,
    'wechat',
  ],
  ['WeChat on an iPhone', `${iphone} Mobile/15E148 MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN`, false, 'wechat'],
  ['another app on an iPhone', `${iphone} Mobile/15E148`, false, 'ios-app'],
  ['the home screen of an iPhone', `${iphone} Mobile/15E148`, true, null],
  ['Safari', `${iphone} Version/17.5 Mobile/15E148 Safari/604.1`, false, null],
  ['Chrome on an iPhone', `${iphone} CriOS/126.0 Mobile/15E148 Safari/604.1`, false, null],
  ['Chrome on Android', `${android} Chrome/126.0 Mobile Safari/537.36`, false, null],
])('%s', (_name, userAgent, standalone, expected) => {
  expect(hostOf(userAgent, standalone)).toBe(expected);
});
