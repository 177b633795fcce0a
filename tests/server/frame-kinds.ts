import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesStation } from '#engine/scope.ts';

/** What the frame keeps besides the kinds of features. */
const open = { sees: [seesStation()] };
const when = f.optional(f.instant());
export const device = kind({
  ...{ name: 'device', ...open },
  fields: { person: f.person(), lastContactAt: when, unsent: f.whole(), oldestUnsentAt: when, refused: f.whole() },
});
export const refusedAct = kind({
  ...{ name: 'refusedAct', ...open },
  fields: {
    ...{ act: f.text(), argsVersion: f.whole(), said: f.optional(f.text()), author: f.person(), at: f.instant() },
    ...{ receivedAt: f.instant(), day: f.date(), code: f.text(), heldWith: f.optional(f.text()), state: f.text() },
    ...{ decidedBy: f.optional(f.person()), decidedAt: when, reason: f.optional(f.text()) },
  },
});
export const lostWork = kind({
  ...{ name: 'lostWork', ...open },
  fields: {
    ...{ device: f.text(), person: f.person(), count: f.whole(), numbers: f.text(), from: when, to: when },
    ...{ toldAt: f.instant(), day: f.date(), state: f.text(), settledBy: f.optional(f.person()), settledAt: when },
    finding: f.optional(f.text()),
  },
});
