import type { Asked, PokeListener, ServerPort } from './server-port.ts';

/**
 * The way to the centre, loaded when it is first gone: a phone shows what it holds before it asks anybody. Where it
 * cannot be loaded nobody has answered, and the next question tries again.
 */
export class LaterServer implements ServerPort {
  readonly #load: () => Promise<ServerPort>;
  #loading: Promise<ServerPort> | null = null;

  constructor(load: () => Promise<ServerPort>) {
    this.#load = load;
  }

  exchange: ServerPort['exchange'] = (request) => this.#ask((server) => server.exchange(request));
  join: ServerPort['join'] = (token, former) => this.#ask((server) => server.join(token, former));
  signIn: ServerPort['signIn'] = (name, password, former) =>
    this.#ask((server) => server.signIn(name, password, former));
  whoAmI: ServerPort['whoAmI'] = () => this.#ask((server) => server.whoAmI());
  signOut: ServerPort['signOut'] = () => this.#ask((server) => server.signOut());
  makeJoinCode: ServerPort['makeJoinCode'] = (person) => this.#ask((server) => server.makeJoinCode(person));
  giveSignIn: ServerPort['giveSignIn'] = (person, name, password) =>
    this.#ask((server) => server.giveSignIn(person, name, password));
  revokeDevice: ServerPort['revokeDevice'] = (device) => this.#ask((server) => server.revokeDevice(device));
  readHistory: ServerPort['readHistory'] = (name, input) => this.#ask((server) => server.readHistory(name, input));

  listen(listener: PokeListener): () => void {
    let isOver = false;
    let hangUp = (): void => {
      isOver = true;
    };
    this.#server().then(
      (server) => {
        if (!isOver) hangUp = server.listen(listener);
      },
      () => isOver || listener.onEnd(),
    );
    return () => hangUp();
  }

  async #ask<T>(question: (server: ServerPort) => Promise<Asked<T>>): Promise<Asked<T>> {
    const server = await this.#server().catch(() => null);
    return server ? question(server) : { kind: 'no-answer' };
  }

  #server(): Promise<ServerPort> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }
}
