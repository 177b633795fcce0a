import net from 'node:net';

/** A line's speed. Both directions are shared by all connections, as one radio link is. */
export interface LineSpeed {
  readonly roundTripMs: number;
  readonly downMbps: number;
  readonly upMbps: number;
}

export const slow4G: LineSpeed = { roundTripMs: 150, downMbps: 1.6, upMbps: 0.75 };

/** Bytes both ways with everything HTTP adds, and requests. */
export interface Traffic {
  up: number;
  down: number;
  requests: number;
}

const requestLine = /^(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD) (\S+) /;

/** Passes bytes on in order, none before its time. */
class Direction {
  readonly #waiting: { readonly data: Buffer; readonly due: number }[] = [];
  #armed = false;

  constructor(readonly target: net.Socket) {}

  send(data: Buffer, due: number): void {
    this.#waiting.push({ data, due });
    if (!this.#armed) this.#arm(due);
  }

  #arm(due: number): void {
    this.#armed = true;
    setTimeout(() => this.#pass(), Math.max(1, due - performance.now()));
  }

  #pass(): void {
    this.#armed = false;
    for (let next = this.#waiting[0]; next && next.due <= performance.now(); next = this.#waiting[0]) {
      this.#waiting.shift();
      if (this.target.writable) this.target.write(next.data);
    }
    if (this.#waiting[0]) this.#arm(this.#waiting[0].due);
  }
}

/**
 * A line between the browser and a server that counts what passes and, when it has a speed, delays it. The long line of
 * pokes is counted apart: it stays open while nothing is asked.
 */
export class LineProxy {
  speed: LineSpeed | null = null;
  readonly #server: net.Server;
  #asked: Traffic = { up: 0, down: 0, requests: 0 };
  #pokes: Traffic = { up: 0, down: 0, requests: 0 };
  #upFree = 0;
  #downFree = 0;

  private constructor(readonly target: number) {
    this.#server = net.createServer((client) => this.#join(client));
  }

  static async open(target: number): Promise<LineProxy> {
    const proxy = new LineProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** What has passed since the last call, without the line of pokes. */
  take(): Traffic {
    const taken = this.#asked;
    this.#asked = { up: 0, down: 0, requests: 0 };
    return taken;
  }

  /** The same for the line of pokes. */
  takePokes(): Traffic {
    const taken = this.#pokes;
    this.#pokes = { up: 0, down: 0, requests: 0 };
    return taken;
  }

  close(): void {
    this.#server.close();
  }

  #join(client: net.Socket): void {
    const server = net.connect(this.target, '127.0.0.1');
    client.setNoDelay(true);
    server.setNoDelay(true);
    const [toServer, toClient] = [new Direction(server), new Direction(client)];
    let isPokes = false;
    const counted = (): Traffic => (isPokes ? this.#pokes : this.#asked);
    client.on('data', (data) => {
      const asked = requestLine.exec(data.subarray(0, 200).toString('latin1'));
      if (asked) isPokes = (asked[1] as string).includes('sync.pokes');
      counted().up += data.length;
      if (asked) counted().requests += 1;
      this.#upFree = this.#pass(toServer, data, this.#upFree, this.speed?.upMbps);
    });
    server.on('data', (data) => {
      counted().down += data.length;
      this.#downFree = this.#pass(toClient, data, this.#downFree, this.speed?.downMbps);
    });
    const end = (): void => this.#endSoon(client, server);
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
  }

  /** Sends on; returns when the direction is free again. */
  #pass(direction: Direction, data: Buffer, free: number, mbps: number | undefined): number {
    if (!this.speed || mbps === undefined) {
      direction.target.write(data);
      return free;
    }
    const sent = Math.max(performance.now(), free) + (data.length * 8) / (mbps * 1_000);
    direction.send(data, sent + this.speed.roundTripMs / 2);
    return sent;
  }

  /** What is still on its way arrives first. */
  #endSoon(...sockets: readonly net.Socket[]): void {
    const onItsWay = Math.max(0, this.#upFree - performance.now(), this.#downFree - performance.now());
    const wait = onItsWay + (this.speed?.roundTripMs ?? 0) + 50;
    setTimeout(() => sockets.forEach((socket) => socket.destroy()), wait).unref();
  }
}
