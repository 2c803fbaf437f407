// Ends the statement a connection is at, from outside: PostgreSQL's cancel request, on a connection of its own.
import { connect } from 'node:net';
import { type ClientBase } from 'pg';

/** What the driver knows of a connection; its types do not tell. */
interface Connected {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: { destroy(): void } };
}

const CANCEL_REQUEST = 80_877_102;
/** A server that does not answer for as long is out of reach, and so is the connection. */
const PATIENCE_MS = 1000;

/**
 * Resolves once a statement sent from now on cannot be hit any more: the server closes the connection of a cancel
 * request after it has signalled. Where the server cannot be reached the connection that was to be freed is ended.
 */
export function cancelStatement(client: ClientBase): Promise<void> {
  const { host, port, processID, secretKey, connection } = client as unknown as Connected;
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const giveUp = () => {
      connection.stream.destroy();
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, giveUp);
    socket.once('error', giveUp).once('close', () => resolve());
    const message = Buffer.alloc(16);
    [16, CANCEL_REQUEST, processID, secretKey].forEach((word, at) => message.writeInt32BE(word, at * 4));
    socket.write(message);
    socket.resume();
  });
}
