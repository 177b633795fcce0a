import { initTRPC, TRPCError } from '@trpc/server';
import type { Identity } from '#engine/context.ts';
import { deviceOf } from './access/identity.ts';
import { formerSession, type Session } from './access/sessions.ts';
import { pokeLineMaxMs, pokePingMs, unavailableSeconds } from './limits.ts';
import { isUnavailable } from './postgres/errors.ts';
import type { Station } from './station.ts';

/** What a procedure knows of the request. */
export interface RequestContext {
  readonly station: Station;
  /** Secret of the session, from the cookie. */
  readonly token: string | null;
  /** Address the request came from; counted, never kept. */
  readonly place: string;
  /** What the browser calls itself. */
  readonly browser: string;
  /** Puts the session's secret into the browser, or takes it out. */
  readonly setToken: (token: string | null) => void;
  /** The answer is that nothing is new; what it says besides goes into its head, and it has no body. */
  readonly nothingNew: (text: string) => void;
  /** Seconds to wait, said in the answer's head. */
  readonly retryAfter: (seconds: number) => void;
}

/** A refusal of a procedure: an HTTP status and a code word, nothing else leaves the server. */
export class Refused extends TRPCError {
  constructor(
    code: TRPCError['code'],
    readonly word: string,
  ) {
    super({ code, message: word });
  }
}

const t = initTRPC.context<RequestContext>().create({
  sse: {
    ping: { enabled: true, intervalMs: pokePingMs },
    maxDurationMs: pokeLineMaxMs,
    client: { reconnectAfterInactivityMs: 3 * pokePingMs },
  },
  errorFormatter: ({ shape, error }) => {
    const word = error instanceof Refused ? error.word : error.code.toLowerCase().replaceAll('_', '-');
    return { code: shape.code, message: word, data: { code: word, httpStatus: shape.data.httpStatus } };
  },
});

export const router = t.router;
/** Open to anybody who can reach the server. */
export const openProcedure = t.procedure;

export interface Known {
  readonly session: Session;
  readonly identity: Identity;
  readonly name: string;
}

/** Needs a session of a device whose person is still active here; 401 otherwise, upon which a phone only waits. */
export const deviceProcedure = t.procedure.use(async ({ ctx, next }) => {
  const known = await knownDevice(ctx);
  if (!known) throw new Refused('UNAUTHORIZED', 'sign-in');
  return next({ ctx: { ...ctx, ...known } });
});

/** Needs one of the roles as well. */
export function roleProcedure(...roles: readonly string[]) {
  return deviceProcedure.use(({ ctx, next }) => {
    if (!roles.some((role) => ctx.identity.roles.includes(role))) throw new Refused('FORBIDDEN', 'not-allowed');
    return next();
  });
}

async function knownDevice({ station, token, retryAfter }: RequestContext): Promise<Known | null> {
  if (token === null) return null;
  return deviceOf(station.sql, token, station.now()).catch((error: unknown) => {
    if (!isUnavailable(error)) throw error;
    retryAfter(unavailableSeconds);
    throw new Refused('SERVICE_UNAVAILABLE', 'unavailable');
  });
}

/** The device this browser was, when its session has run out but was not ended. */
export async function formerDevice({ station, token }: RequestContext): Promise<Session | null> {
  return token === null ? null : formerSession(station.sql, token);
}
