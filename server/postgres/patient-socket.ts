import net from 'node:net';

/** Long enough for a transaction that was cut off to come to its end (ms). */
const unwindMs = 20;

/**
 * A connection whose end is told in two steps. When the database is gone, the driver forgets its socket at once and
 * then tells whoever waits; a transaction answers with `rollback`, which the driver writes to a socket it no longer
 * has, and that ends the whole process (postgres 3.4). Here those who wait hear of the error first, and the socket goes
 * when they are done.
 */
class PatientSocket extends net.Socket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'close') return super.emit(event, ...values);
    const lost = Object.assign(new Error('The connection to the database was lost.'), { code: 'CONNECTION_CLOSED' });
    if (values[0] !== true && this.listenerCount('error') > 0) super.emit('error', lost);
    setTimeout(() => super.emit('close', ...values), unwindMs);
    return true;
  }
}

interface Place {
  readonly path: string | false | undefined;
  readonly host: readonly string[];
  readonly port: readonly number[];
}

/** A connection to the database's place, as the driver asks for one; what is written waits until it stands. */
export function patientSocket({ path, host, port }: Place): net.Socket {
  const socket = new PatientSocket();
  return path ? socket.connect(path) : socket.connect(port[0] as number, host[0] as string);
}
