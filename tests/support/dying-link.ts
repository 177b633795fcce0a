import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** One packet of a mobile line. */
const packetBytes = 1_400;

/**
 * A line on loopback that carries so many bytes and then dies with a packet under way, again and again. What stands for
 * time is bytes: 50,000 of them are ten seconds at 40 kbit/s.
 */
export class DyingLink {
  /** Bytes of requests' bodies that the line has carried, those included that were lost with it. */
  bodyBytes = 0;
  deaths = 0;
  /** What each request was, in order. */
  readonly requests: string[] = [];
  readonly #server = net.createServer((phone) => this.#carry(phone));
  readonly #open = new Set<net.Socket>();

  constructor(
    readonly target: number,
    /** For lines that are opened from now on. */
    public bytesPerLife: number,
    /** Time of one packet (ms); 0: as fast as the machine is. */
    readonly packetMs = 0,
  ) {}

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
  }

  #carry(phone: net.Socket): void {
    const centre = net.connect(this.target, '127.0.0.1');
    const body = new BodyCounter((head) => this.requests.push(head));
    let left = this.bytesPerLife;
    let waiting = false;
    const die = (): void => {
      phone.destroy();
      centre.destroy();
    };
    const carryOne = (): void => {
      waiting = false;
      const packet = phone.read(Math.min(packetBytes, Math.max(1, phone.readableLength))) as Buffer | null;
      if (packet === null) return;
      this.bodyBytes += body.take(packet);
      left -= packet.length;
      if (left <= 0) {
        // The packet that was under way when the line died never arrived.
        this.deaths += 1;
        return die();
      }
      centre.write(packet);
      again();
    };
    const again = (): void => {
      if (waiting) return;
      waiting = true;
      if (this.packetMs > 0) setTimeout(carryOne, this.packetMs);
      else setImmediate(carryOne);
    };
    for (const socket of [phone, centre]) {
      this.#open.add(socket);
      socket.on('error', die);
      socket.on('close', () => {
        this.#open.delete(socket);
        die();
      });
    }
    phone.on('readable', again);
    centre.pipe(phone);
  }
}

/** Tells the bytes of bodies from those of heads in what one connection sends. */
class BodyCounter {
  #head = '';
  #body = 0;

  constructor(readonly onRequest: (head: string) => void) {}

  take(packet: Buffer): number {
    let counted = 0;
    let rest = packet;
    while (rest.length > 0) {
      if (this.#body > 0) {
        const part = Math.min(this.#body, rest.length);
        counted += part;
        this.#body -= part;
        rest = rest.subarray(part);
        continue;
      }
      this.#head += rest.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return counted;
      const behind = this.#head.length - end - 4;
      rest = rest.subarray(rest.length - behind);
      this.onRequest(this.#head.slice(0, this.#head.indexOf(' HTTP')));
      this.#body = Number(/content-length: (\d+)/i.exec(this.#head)?.[1] ?? 0);
      this.#head = '';
    }
    return counted;
  }
}
