import { expect, it } from 'vitest';
import { m } from '#messages';

it('English has a word for one and another for many, Chinese the same for both', () => {
  const said = (n: number, locale: 'en' | 'zh-CN') => m.visits_over_days({ n }, { locale });
  expect([said(1, 'en'), said(0, 'en'), said(11, 'en')]).toEqual(['1 day over', '0 days over', '11 days over']);
  expect([said(1, 'zh-CN'), said(11, 'zh-CN')]).toEqual(['过了 1 天', '过了 11 天']);
});
