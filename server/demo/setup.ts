import { kitchenActs, mealVariantActs } from '#features/meals/kitchen.desk.record.ts';
import { personActs } from '#features/access/person.desk.record.ts';
import type { ArgumentsOf, AnyMutation } from '#engine/kind.ts';
import type { ServerCall } from '#server/exchange/act-as.ts';
import { demoCoordinator, demoPeople } from './people.ts';

/** One act of the demo, named after what it is about, so that doing it again does nothing. */
export function demoCall<M extends AnyMutation>(id: string, act: M, args: ArgumentsOf<M>): ServerCall {
  return { id: `demo:${id}`, name: act.name, args };
}

/** What the kitchen packs: the few boxes with their signs, and which diets lead to which. */
const variants = [
  { name: '普食', sign: '甲', alarm: false, matches: [] },
  { name: '软食', sign: '乙', alarm: false, matches: ['texture:soft'] },
  { name: '低盐', sign: '丙', alarm: false, matches: ['low-salt', 'low-oil', 'low-fat', 'low-purine', 'light'] },
  { name: '糖尿病餐', sign: '丁', alarm: true, matches: ['diabetic', 'low-sugar', 'sugar-free'] },
  { name: '碎食', sign: '戊', alarm: true, matches: ['texture:minced', 'texture:pureed'] },
];

/** The boxes and the people; places and everybody else come out of the ledgers. */
export function setupCalls(): readonly ServerCall[] {
  const others = demoPeople.filter((one) => one !== demoCoordinator);
  return [
    demoCall('variants', mealVariantActs.setUp, { variants }),
    demoCall('kitchen', kitchenActs.setUp, {
      name: '文源综合养老服务中心',
      seats: 40,
      cutOff: '16:00',
      latitude: 28.115,
      longitude: 112.99,
      active: true,
    }),
    ...others.map(({ login, name, phone, roles }) =>
      demoCall(`person:${login}`, personActs.register, {
        name,
        phone,
        roles: [...roles],
        allCommunities: true,
        communities: [],
      }),
    ),
  ];
}
