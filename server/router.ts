import * as v from 'valibot';
import type { ExchangeAnswer, Poke } from '#engine/protocol.ts';
import { accessRouter } from './access/router.ts';
import { HistoryRefused, readHistory } from './history.ts';
import { lookLengthMax } from './limits.ts';
import { serveExchange, serveLook } from './serve-exchange.ts';
import { deviceProcedure, Refused, router } from './trpc.ts';

export const appRouter = router({
  sync: router({
    /** What the phone did goes up, verdicts and what changed for it come down; see the protocol. */
    exchange: deviceProcedure
      .input(v.unknown())
      .mutation(({ ctx, input }): Promise<ExchangeAnswer> => serveExchange(ctx, input)),

    /** The same for a phone with nothing to send, in one short line; the answer is null when nothing is new. */
    look: deviceProcedure
      .input(v.pipe(v.string(), v.maxLength(lookLengthMax)))
      .query(({ ctx, input }): Promise<ExchangeAnswer | null> => serveLook(ctx, input)),

    /** Says only that something changed in the station. */
    pokes: deviceProcedure.subscription(async function* ({ ctx, signal }): AsyncGenerator<Poke> {
      yield* ctx.station.pokes.pokes(ctx.identity.station, signal);
    }),
  }),

  access: accessRouter,

  history: router({
    /** One page of what lies beyond the device; the questions stand in the features' server files. */
    read: deviceProcedure
      .input(v.object({ name: v.pipe(v.string(), v.maxLength(120)), input: v.optional(v.unknown()) }))
      .query(async ({ ctx, input }) => {
        try {
          const { sql, parts, registry, now } = ctx.station;
          const asker = { identity: ctx.identity, device: ctx.session.device, registry, now: now() };
          return await readHistory(sql, parts.queries, asker, input);
        } catch (error) {
          if (!(error instanceof HistoryRefused)) throw error;
          const status = { 'unknown-query': 'NOT_FOUND', 'not-allowed': 'FORBIDDEN', invalid: 'BAD_REQUEST' } as const;
          throw new Refused(status[error.code], error.code);
        }
      }),
  }),
});

export type AppRouter = typeof appRouter;
