import type { Role } from '#features/access/public.ts';

export interface DemoPerson {
  /** Name to sign in with. */
  readonly login: string;
  readonly name: string;
  readonly phone: string;
  readonly roles: readonly Role[];
}

/** Who can sign in at the demo station. All of them are invented, and so are their numbers. */
export const demoPeople: readonly DemoPerson[] = [
  { login: 'liangjing', name: '梁静', phone: '19900009001', roles: ['coordinator'] },
  { login: 'canteen', name: '何师傅', phone: '19900009002', roles: ['canteen'] },
  { login: 'zhouguilan', name: '周桂兰', phone: '19900009003', roles: ['deliverer'] },
  { login: 'wujianping', name: '吴建平', phone: '19900009004', roles: ['deliverer'] },
  { login: 'pengjuxiang', name: '彭菊香', phone: '19900009005', roles: ['deliverer', 'visitor'] },
  { login: 'hexiao', name: '何晓', phone: '19900009006', roles: ['visitor'] },
  { login: 'wangqian', name: '王倩', phone: '19900009007', roles: ['escort'] },
  { login: 'zoujie', name: '邹洁', phone: '19900009008', roles: ['escort'] },
];

export const demoCoordinator = demoPeople[0] as DemoPerson;

/** The id of a person of the demo: the act that registers them carries it. */
export function demoPersonId(login: string): string {
  return `demo:person:${login}`;
}
