import * as v from 'valibot';
import type { Identity } from '#engine/context.ts';
import type { WireIdentity } from '#engine/protocol.ts';
import type { TransactionSql } from '#server/postgres/connect.ts';
import { deviceProcedure, formerDevice, openProcedure, Refused, roleProcedure, router } from '#server/trpc.ts';
import type { RequestContext } from '#server/trpc.ts';
import { enrolDevice, revokeDevice } from './devices.ts';
import { countGuess, forgetGuesses, TooManyGuesses, type Guess } from './guesses.ts';
import { identityOf } from './identity.ts';
import { formerKeysOf, journalKeyOf, type FormerKey } from './journal-key.ts';
import { makeJoinCode, useJoinCode } from './join-codes.ts';
import { giveSignIn, passwordLengthMin, personByPassword } from './passwords.ts';
import { endSession } from './sessions.ts';

const short = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** Devices whose journals lie on the phone. */
const former = v.optional(v.pipe(v.array(short), v.maxLength(8)), []);
const personInput = v.object({ person: short });

/** A device that now belongs to a person, as the phone keeps it. */
interface Enrolment {
  readonly device: string;
  readonly identity: WireIdentity;
  /** Seals the phone's journal (32 bytes as base64). */
  readonly journalKey: string;
  /** Of devices that this person was on this phone before. */
  readonly formerKeys?: readonly FormerKey[];
}

export const accessRouter = router({
  /** Staff with name and password. A browser that was this person's keeps its device. */
  signIn: openProcedure
    .input(v.object({ name: short, password: short, former }))
    .mutation(async ({ ctx, input }): Promise<Enrolment> => {
      const { sql, store, now } = ctx.station;
      await countOrRefuse(ctx, { at: 'password', name: input.name, place: ctx.place });
      const found = await personByPassword(sql, input.name, input.password);
      const person = found && (await identityOf(sql, found.station, found.person));
      if (!found || !person) throw new Refused('FORBIDDEN', 'wrong-name-or-password');
      await forgetGuesses(sql, input.name);
      const before = await formerDevice(ctx);
      const again = before?.station === found.station && before.person === found.person ? before.device : null;
      const { device, token } = (await sql.begin((tx) =>
        enrolDevice(
          tx as TransactionSql,
          store,
          { ...found, former: again, name: ctx.browser, way: 'password' },
          now(),
        ),
      )) as { device: string; token: string };
      ctx.setToken(token);
      const formerKeys = await formerKeysOf(sql, found, input.former);
      const journalKey = await journalKeyOf(sql, found.station, device);
      return { device, identity: person.identity, journalKey, formerKeys };
    }),

  /** A phone with the eight signs of a code, or with the token of its QR. */
  join: openProcedure.input(v.object({ token: short, former })).mutation(async ({ ctx, input }): Promise<Enrolment> => {
    const { sql, store, now } = ctx.station;
    await countOrRefuse(ctx, { at: 'code', place: ctx.place });
    const before = await formerDevice(ctx);
    const joined = await useJoinCode(sql, store, input.token, { name: ctx.browser, former: before }, now());
    const person = joined && (await identityOf(sql, joined.station, joined.person));
    if (!joined || !person) throw new Refused('FORBIDDEN', 'code-not-valid');
    ctx.setToken(joined.token);
    const journalKey = await journalKeyOf(sql, joined.station, joined.device);
    const formerKeys = await formerKeysOf(sql, joined, input.former);
    return { device: joined.device, identity: person.identity, journalKey, formerKeys };
  }),

  /** The device this browser is, and whose. */
  me: deviceProcedure.query(async ({ ctx }): Promise<Enrolment & { name: string }> => ({
    device: ctx.session.device,
    identity: ctx.identity,
    name: ctx.name,
    journalKey: await journalKeyOf(ctx.station.sql, ctx.identity.station, ctx.session.device),
  })),

  signOut: deviceProcedure.mutation(async ({ ctx }) => {
    if (ctx.token !== null) await endSession(ctx.station.sql, ctx.token, ctx.station.now());
    ctx.setToken(null);
    return { done: true };
  }),

  /** A way onto a phone for one person, for a few minutes. */
  makeJoinCode: roleProcedure('coordinator')
    .input(personInput)
    .mutation(async ({ ctx, input }) => {
      const { sql, now } = ctx.station;
      const person = await identityOf(sql, ctx.identity.station, input.person);
      if (!person) throw new Refused('NOT_FOUND', 'no-such-person');
      // Whoever has a phone of somebody works as them.
      if (!covers(ctx.identity, person.identity)) throw new Refused('FORBIDDEN', 'beyond-own-reach');
      return { ...(await makeJoinCode(sql, ctx.session, input.person, now())), name: person.name };
    }),

  /** Name and password for somebody of the office; nobody gives them to a person with more of the station than their own. */
  giveSignIn: roleProcedure('coordinator')
    .input(
      v.object({
        person: short,
        name: v.pipe(short, v.trim(), v.minLength(1)),
        password: v.pipe(v.string(), v.minLength(passwordLengthMin), v.maxLength(200)),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { sql, now } = ctx.station;
      const found = await identityOf(sql, ctx.identity.station, input.person);
      if (!found) throw new Refused('NOT_FOUND', 'no-such-person');
      if (!covers(ctx.identity, found.identity)) throw new Refused('FORBIDDEN', 'beyond-own-reach');
      if (!(await giveSignIn(sql, ctx.session, input, now()))) throw new Refused('CONFLICT', 'name-taken');
      return { done: true };
    }),

  revokeDevice: roleProcedure('coordinator')
    .input(v.object({ device: short }))
    .mutation(async ({ ctx, input }) => {
      const { sql, store, now } = ctx.station;
      const known = await revokeDevice(sql, store, ctx.session, input.device, now());
      if (!known) throw new Refused('NOT_FOUND', 'no-such-device');
      return { done: true };
    }),
});

function covers(own: Identity, other: Identity): boolean {
  if (own.communities === 'all') return true;
  return other.communities !== 'all' && other.communities.every((id) => own.communities.includes(id));
}

async function countOrRefuse(ctx: RequestContext, guess: Guess): Promise<void> {
  try {
    await countGuess(ctx.station.sql, guess, ctx.station.now());
  } catch (error) {
    if (!(error instanceof TooManyGuesses)) throw error;
    ctx.retryAfter(error.seconds);
    throw new Refused('TOO_MANY_REQUESTS', 'too-many-guesses');
  }
}
