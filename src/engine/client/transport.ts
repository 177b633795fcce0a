import {
  createTRPCClient,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type TRPCClient,
} from '@trpc/client';
import type { AppRouter } from '#server/router.ts';
import { packActs, unpackVerdicts } from '../packed-acts.ts';
import { plainPatch } from '../sent-rows.ts';
import { protocolVersion, type ExchangeAnswer, type ExchangeRequest } from '../protocol.ts';
import { ForeignAnswer, retryAfterOf, stationFetch, type Fetch } from './fetching.ts';
import type { Asked, Enrolment, HistoryPage, JoinCode, PokeListener, ServerPort } from './server-port.ts';
import type { Timers } from './timers.ts';

/** Where the server's procedures live. */
const url = '/api';
/** An exchange may carry a whole first filling over a weak line (ms). */
const exchangePatienceMs = 60_000;
/** Signs of a device's and an epoch's name that a look carries. */
const tailLength = 12;
/** Somebody stands before the screen and waits for this one (ms). */
const personPatienceMs = 20_000;

interface TransportParts {
  readonly fetch: Fetch;
  readonly timers: Timers;
}

/** The centre over tRPC: exchanges by POST, pokes over server-sent events. */
export class TrpcServer implements ServerPort {
  readonly #client: TRPCClient<AppRouter>;
  readonly #timers: Timers;
  /** The centre has said that it takes packed acts. */
  #takesPacked = false;

  constructor({ fetch, timers }: TransportParts) {
    this.#timers = timers;
    const ordinary = httpLink<AppRouter>({ url, fetch: stationFetch(fetch) });
    const line = httpSubscriptionLink<AppRouter, typeof EventSource>({ url });
    this.#client = createTRPCClient<AppRouter>({
      links: [splitLink({ condition: ({ type }) => type === 'subscription', true: line, false: ordinary })],
    });
  }

  async exchange(request: ExchangeRequest): Promise<Asked<ExchangeAnswer>> {
    const line = this.#takesPacked ? lookOf(request) : null;
    const going = this.#packed(request);
    const asked = await this.#ask<unknown>(exchangePatienceMs, (signal) =>
      line === null
        ? this.#client.sync.exchange.mutate(going, { signal })
        : this.#client.sync.look.query(line, { signal }),
    );
    // A centre that was set back to an older version knows neither; it is asked as ever then.
    if (asked.kind === 'declined' && line !== null) this.#takesPacked = false;
    if (asked.kind !== 'answer') return asked;
    const answer = isSame(asked.answer) ? sameAnswer(request, asked.answer.same) : asked.answer;
    if (!isExchangeAnswer(answer)) return { kind: 'no-answer' };
    this.#takesPacked = answer.packed === true || (this.#takesPacked && !going.acts);
    return plainAnswer(answer, request);
  }

  /** As columns where the centre takes them: on a weak line a day's acts arrive in two thirds of the time. */
  #packed(request: ExchangeRequest): ExchangeRequest {
    const acts = this.#takesPacked && request.mutations.length > 1 ? packActs(request.mutations) : null;
    const form = { packed: true, brief: true } as const;
    return acts ? { ...request, ...form, mutations: [], acts } : { ...request, ...form };
  }

  listen({ onPoke, onEnd }: PokeListener): () => void {
    let open = true;
    const end = (): void => {
      if (!open) return;
      open = false;
      subscription.unsubscribe();
      onEnd();
    };
    const subscription = this.#client.sync.pokes.subscribe(undefined, {
      onStarted: () => open && onPoke(),
      onData: () => open && onPoke(),
      // The browser would knock again every few seconds, all day, with an empty battery at the end.
      onConnectionStateChange: (state) => {
        if (state.state === 'connecting' && state.error) queueMicrotask(end);
      },
      onError: () => queueMicrotask(end),
      onComplete: () => queueMicrotask(end),
    });
    return () => {
      open = false;
      subscription.unsubscribe();
    };
  }

  join(token: string, former: readonly string[]): Promise<Asked<Enrolment>> {
    return this.#askNow((signal) => this.#client.access.join.mutate({ token, former: [...former] }, { signal }));
  }

  signIn(name: string, password: string, former: readonly string[]): Promise<Asked<Enrolment>> {
    const input = { name, password, former: [...former] };
    return this.#askNow((signal) => this.#client.access.signIn.mutate(input, { signal }));
  }

  whoAmI(): Promise<Asked<Enrolment>> {
    return this.#askNow((signal) => this.#client.access.me.query(undefined, { signal }));
  }

  signOut(): Promise<Asked<unknown>> {
    return this.#askNow((signal) => this.#client.access.signOut.mutate(undefined, { signal }));
  }

  makeJoinCode(person: string): Promise<Asked<JoinCode>> {
    return this.#askNow((signal) => this.#client.access.makeJoinCode.mutate({ person }, { signal }));
  }

  giveSignIn(person: string, name: string, password: string): Promise<Asked<unknown>> {
    return this.#askNow((signal) => this.#client.access.giveSignIn.mutate({ person, name, password }, { signal }));
  }

  revokeDevice(device: string): Promise<Asked<unknown>> {
    return this.#askNow((signal) => this.#client.access.revokeDevice.mutate({ device }, { signal }));
  }

  readHistory(name: string, input: unknown): Promise<Asked<HistoryPage>> {
    return this.#askNow((signal) => this.#client.history.read.query({ name, input }, { signal }));
  }

  #askNow<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Asked<T>> {
    return this.#ask(personPatienceMs, work);
  }

  async #ask<T>(patienceMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<Asked<T>> {
    const patience = new AbortController();
    const callOff = this.#timers.after(patienceMs, () => patience.abort());
    try {
      return { kind: 'answer', answer: await work(patience.signal) };
    } catch (error) {
      return failureOf(error);
    } finally {
      callOff();
    }
  }
}

/** What a thrown error says about the centre. Only what the centre itself has said may mean more than "no answer". */
export function failureOf(error: unknown): Exclude<Asked<never>, { kind: 'answer' }> {
  if (!(error instanceof TRPCClientError)) return { kind: 'no-answer' };
  if (error.cause instanceof ForeignAnswer) {
    const { status, retryAfterMs } = error.cause;
    return isBusy(status) ? { kind: 'busy', retryAfterMs } : { kind: 'no-answer' };
  }
  const data = error.data as { httpStatus?: unknown; code?: unknown } | null | undefined;
  const status = data?.httpStatus;
  if (typeof status !== 'number') return { kind: 'no-answer' };
  if (status === 401) return { kind: 'sign-in' };
  if (isBusy(status)) return { kind: 'busy', retryAfterMs: retryAfterOf(error.meta?.response as Response | undefined) };
  return { kind: 'declined', code: String(data?.code ?? status) };
}

/** A request that only asks for news, as the short line of a look; null for any other. */
function lookOf({ protocol, device, epoch, cookie, mutations, queue, ...more }: ExchangeRequest): string | null {
  const { unsent, refused } = queue;
  // Whatever else it has to say (what was lost) has no place in a line.
  if (protocol !== protocolVersion || Object.keys(more).length > 0) return null;
  if (mutations.length + unsent + refused > 0 || !device || epoch === null || cookie === null) return null;
  return epoch.length < tailLength ? null : `${device.slice(-tailLength)}~${epoch.slice(-tailLength)}~${cookie}`;
}

function isSame(answer: unknown): answer is { readonly same: string } {
  return typeof (answer as { same?: unknown } | null)?.same === 'string';
}

/** What a long answer would have said when nothing is new. */
function sameAnswer({ epoch, cookie }: ExchangeRequest, same: string): Partial<ExchangeAnswer> {
  const [time, sum] = same.split('.').map((part) => (part === '' ? null : Number.parseInt(part, 36)));
  return {
    ...{ verdicts: [], patch: { reset: false, kinds: [] }, more: false, checksum: sum ?? null },
    ...{ cookie: cookie ?? undefined, epoch: epoch ?? undefined, serverTime: time ?? undefined },
  };
}

/** The answer as if the request had not been remembered; one that cannot be read is none, and everything is sent again. */
function plainAnswer({ judged, ...answer }: ExchangeAnswer, { mutations }: ExchangeRequest): Asked<ExchangeAnswer> {
  try {
    const verdicts = judged ? unpackVerdicts(judged, mutations) : answer.verdicts;
    const kinds = answer.patch.kinds.map((one) => plainPatch(one, mutations));
    return { kind: 'answer', answer: { ...answer, verdicts, patch: { ...answer.patch, kinds } } };
  } catch {
    return { kind: 'no-answer' };
  }
}

function isBusy(status: number): boolean {
  return status === 429 || status >= 500;
}

function isExchangeAnswer(value: unknown): value is ExchangeAnswer {
  const answer = value as Partial<ExchangeAnswer> | null;
  return (
    typeof answer === 'object' &&
    answer !== null &&
    typeof answer.cookie === 'string' &&
    typeof answer.epoch === 'string' &&
    typeof answer.serverTime === 'number' &&
    Array.isArray(answer.verdicts) &&
    Array.isArray(answer.patch?.kinds)
  );
}
