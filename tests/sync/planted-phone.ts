import type { ExchangeAnswer } from '#engine/protocol.ts';
import type { Ranges } from '#engine/ranges.ts';
import { storedShape } from '#engine/stored-shape.ts';
import { simulatedRegistry } from './kinds.ts';
import { dropping, movingOn, trusting, type Flaws, type Planted } from './planted.ts';
import type { Profile } from './profile.ts';

/** Changes every nth answer. */
function everyNth(n: number, change: (answer: ExchangeAnswer) => ExchangeAnswer): Flaws {
  let count = 0;
  return { phone: { answer: (answer) => ((count += 1) % n === 0 ? change(answer) : answer) } };
}

/** Stores are emptied often, and the centre is seldom reached in between. */
const losing: Partial<Profile> = { wipe: 0.03, loseActs: 0.03, noteGoes: 0.2, exchange: 0.25, revoke: 0, restore: 0 };

function andOneMore(numbers: Ranges): Ranges {
  const last = numbers.at(-1)?.[1] ?? 0;
  return [...numbers, [last + 2, last + 2]];
}

/** Mistakes of the phone. */
export const onThePhone: readonly Planted[] = [
  {
    mistake: 'the phone drops its acts when no answer comes',
    breaks: 'nothing saved is lost',
    flaws: () => ({ phone: { onNoAnswer: (phone, { mutations }) => phone.disk.lose(mutations) } }),
  },
  {
    mistake: 'the phone says saved before the act is on the disk',
    breaks: 'nothing saved is lost',
    flaws: () => ({ disk: { early: true } }),
  },
  {
    mistake: 'the phone numbers its acts anew after every start',
    breaks: 'nothing saved is lost',
    flaws: () => ({ disk: { forgetsNumbers: true } }),
  },
  {
    mistake: 'the phone sends the newest act first',
    breaks: 'order of a phone is kept',
    flaws: () => ({ phone: { request: (request) => ({ ...request, mutations: request.mutations.slice(-1) }) } }),
    profile: { actsPerRequest: 500, tabsKnowEachOther: true, secondTab: 0 },
  },
  {
    mistake: 'the phone sends an urgent act without those it stands on',
    breaks: 'causal order is kept',
    flaws: () => ({
      phone: {
        request: (request) => {
          const urgent = request.mutations.filter(({ name }) => name === 'reply.write');
          return urgent.length > 0 ? { ...request, mutations: urgent } : request;
        },
      },
    }),
    profile: { tabsKnowEachOther: true, exchange: 0.05 },
  },
  {
    mistake: 'the phone writes verdicts before the rows that belong to them',
    breaks: 'own writes visible',
    flaws: () => ({
      disk: {
        parts: (commit, { facts }) => [
          { ...commit, facts, page: null, reset: false },
          { ...commit, judged: [] },
        ],
      },
    }),
    profile: { crash: 0.1 },
  },
  {
    mistake: 'the phone writes the cookie before the rows, and does not compare the sums',
    breaks: 'holds what it may',
    flaws: () => ({
      phone: { answer: trusting },
      disk: {
        parts: ({ facts, ...rest }) => [
          { facts, reset: false, page: null, judged: [], unsentAgain: [], forget: [] },
          { facts, ...rest },
        ],
      },
    }),
    profile: { secondTab: 0, crash: 0.1 },
  },
  {
    mistake: 'the phone does not put unsent acts on top again after an answer',
    breaks: 'own writes visible',
    flaws: () => ({
      phone: {
        onTaken: ({ replica }) => {
          for (const { name, id } of replica?.unsent ?? [])
            if (name === 'note.write') replica?.shown.of('note').set(id, null);
        },
      },
    }),
  },
  {
    mistake: 'the phone does not rewrite its pages after a removal',
    breaks: 'removed data is gone',
    flaws: () => ({ disk: { compact: (_pages, before) => before } }),
  },
  {
    mistake: 'the phone does not compare the sums, and its disk goes bad',
    breaks: 'holds what it may',
    flaws: () => ({ phone: { answer: trusting } }),
    rot: true,
  },
  {
    mistake: 'the phone measures the age of what it keeps by a clock that jumps',
    breaks: 'nothing saved is lost',
    flaws: () => everyNth(3, (answer) => ({ ...answer, serverTime: answer.serverTime + 400 * 86_400_000 })),
  },
  {
    mistake: 'the phone takes every fifth answer’s yes for a no',
    breaks: 'verdicts are the centre’s',
    flaws: () =>
      everyNth(5, (answer) => ({
        ...answer,
        verdicts: answer.verdicts.map((one) => ({ ...one, verdict: 'refused' as const, code: 'held' })),
      })),
  },
  {
    mistake: 'the phone does not listen to refusals',
    breaks: 'comes to rest',
    flaws: () =>
      everyNth(1, (answer) => ({
        ...answer,
        verdicts: answer.verdicts.filter(({ verdict }) => verdict === 'applied'),
      })),
  },
  {
    mistake: 'a tab writes over what another tab has written',
    breaks: 'equal when quiet',
    flaws: () => ({ disk: { unguarded: true }, phone: { answer: trusting } }),
    profile: { tabsKnowEachOther: false, secondTab: 0.2, crash: 0.05 },
  },
  {
    mistake: 'the phone begins its numbers anew after its store was emptied',
    breaks: 'nothing saved is lost',
    flaws: () => ({ phone: { numbersLeftFree: Number.NEGATIVE_INFINITY } }),
    profile: { wipe: 0.02 },
  },
  {
    mistake: 'the phone does not notice that its store was emptied',
    breaks: 'nothing saved is lost',
    flaws: () => ({ disk: { careless: true } }),
    profile: { wipe: 0.02 },
  },
  {
    mistake: 'the phone does not tell what it has lost',
    breaks: 'lost is told exactly',
    flaws: () => ({ phone: { request: (request) => dropping(request, 'lost') } }),
    profile: losing,
  },
  {
    mistake: 'the phone tells more than it has lost',
    breaks: 'lost is told exactly',
    flaws: () => ({
      phone: {
        request: ({ lost, ...request }) =>
          lost ? { ...request, lost: lost.map((one) => ({ ...one, numbers: andOneMore(one.numbers) })) } : request,
      },
    }),
    profile: losing,
  },
  {
    mistake: 'the phone forgets at its second start what it has lost and not told',
    breaks: 'lost is told exactly',
    flaws: () => ({ disk: { load: (state) => ({ ...state, facts: dropping(state.facts, 'lost') }) } }),
    profile: { ...losing, crash: 0.1 },
  },
  {
    mistake: 'the phone forgets a loss that is not told when its store is emptied once more',
    breaks: 'lost is told exactly',
    flaws: () => ({ phone: { note: (note) => dropping(note, 'untold') } }),
    profile: { ...losing, wipe: 0.06 },
  },
  {
    mistake: 'the phone does not tell a restored centre again what it has lost',
    breaks: 'lost is told exactly',
    flaws: () => ({
      disk: { load: (state) => ({ ...state, facts: dropping(state.facts, 'toldLost') }) },
      phone: { note: (note) => dropping(note, 'told') },
    }),
    profile: { ...losing, restore: 0.03, crash: 0.1 },
  },
  {
    mistake: 'the phone’s note is of one tab, and of what another tab has saved it knows nothing',
    breaks: 'lost is told exactly',
    flaws: () => ({ phone: { note: ({ unsent, ...note }) => ({ ...note, unsent: unsent.slice(-1) }) } }),
    profile: { ...losing, secondTab: 0.2 },
  },
  {
    mistake: 'the phone forgets what its acts were called before it became a new device',
    breaks: 'lost is told exactly',
    flaws: () => ({ phone: { note: (note) => dropping(note, 'former') } }),
    profile: movingOn,
  },
  {
    mistake: 'the phone knows only what its acts were called on the last device before',
    breaks: 'lost is told exactly',
    flaws: () => ({ phone: { note: ({ former = [], ...note }) => ({ ...note, former: former.slice(-1) }) } }),
    profile: { ...movingOn, exchange: 0.2, wipe: 0.03, revoke: 0.1, loseAnswer: 0.7, phones: 5 },
  },
  {
    mistake: 'the phone leaves its unsent acts behind when its person signs in anew',
    breaks: 'nothing saved is lost',
    flaws: () => ({ phone: { leavesWorkBehind: true } }),
    profile: { revoke: 0.02 },
  },
  {
    mistake: 'a new version of the app takes the pages of the old one for its own',
    breaks: 'holds what it may',
    flaws: () => ({
      disk: {
        load: (state) => ({ ...state, facts: { ...state.facts, shape: storedShape(simulatedRegistry) } }),
      },
    }),
    profile: { upgrade: true, crash: 0.03, roleChange: 0, phones: 2 },
  },
  {
    mistake: 'the phone keeps what it held when it is filled anew',
    breaks: 'own writes visible',
    flaws: () => ({ disk: { parts: (commit) => [{ ...commit, reset: false }] } }),
    profile: { restore: 0.03, revoke: 0 },
  },
];
