import {
  createTRPCUntypedClient,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type TRPCUntypedClient,
} from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import type { ExchangeAnswer } from '../protocol.ts';
import { ForeignAnswer, retryAfterOf, stationFetch } from './fetching.ts';
import type { Asked, Enrolment, PokeListener, ServerPort } from './server-port.ts';
import type { Timers } from './timers.ts';

/** Where the server's procedures live. */
const url = '/api';
/** An exchange may carry a whole first filling over a weak line (ms). */
const exchangePatienceMs = 60_000;
/** Somebody stands before the screen and waits for this one (ms). */
const personPatienceMs = 20_000;

interface TransportParts {
  readonly fetch: (url: string, options: RequestInit) => Promise<Response>;
  readonly timers: Timers;
}

type Client = TRPCUntypedClient<AnyTRPCRouter>;
type Work = (client: Client, signal: AbortSignal) => Promise<unknown>;

/** The centre over tRPC: exchanges by POST, pokes over server-sent events. */
export class TrpcServer implements ServerPort {
  readonly #client: Client;
  readonly #timers: Timers;

  constructor({ fetch, timers }: TransportParts) {
    this.#timers = timers;
    const ordinary = httpLink({ url, fetch: stationFetch(fetch as never) as never });
    const line = httpSubscriptionLink({ url });
    this.#client = createTRPCUntypedClient({
      links: [splitLink({ condition: ({ type }) => type === 'subscription', true: line, false: ordinary })],
    });
  }

  async exchange(request: Parameters<ServerPort['exchange']>[0]): Promise<Asked<ExchangeAnswer>> {
    const asked = await this.#ask(exchangePatienceMs, (client, signal) =>
      client.mutation('sync.exchange', request, { signal }),
    );
    return asked.kind === 'answer' && !isExchangeAnswer(asked.answer)
      ? { kind: 'no-answer' }
      : (asked as Asked<ExchangeAnswer>);
  }

  listen({ onPoke, onEnd }: PokeListener): () => void {
    let open = true;
    const end = (): void => {
      if (!open) return;
      open = false;
      subscription.unsubscribe();
      onEnd();
    };
    const subscription = this.#client.subscription('sync.pokes', undefined, {
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

  join(token: string): Promise<Asked<Enrolment>> {
    return this.#askPerson('access.join', { token });
  }

  signIn(name: string, password: string): Promise<Asked<Enrolment>> {
    return this.#askPerson('access.signIn', { name, password });
  }

  async whoAmI(): Promise<Asked<Enrolment>> {
    const asked = await this.#ask(personPatienceMs, (client, signal) =>
      client.query('access.me', undefined, { signal }),
    );
    return asked as Asked<Enrolment>;
  }

  signOut(): Promise<Asked<unknown>> {
    return this.#askPerson('access.signOut', undefined);
  }

  async #askPerson<T>(path: string, input: unknown): Promise<Asked<T>> {
    const asked = await this.#ask(personPatienceMs, (client, signal) => client.mutation(path, input, { signal }));
    return asked as Asked<T>;
  }

  async #ask(patienceMs: number, work: Work): Promise<Asked<unknown>> {
    const patience = new AbortController();
    const callOff = this.#timers.after(patienceMs, () => patience.abort());
    try {
      return { kind: 'answer', answer: await work(this.#client, patience.signal) };
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
