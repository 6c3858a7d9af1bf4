import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

/**
 * Takes the network from the thread that it is called in, for good: a third wall around content, for the case that it
 * reaches the host. Node's own permissions know no network before version 25.
 */
export function closeNetwork(): void {
  const refuse = (): never => {
    throw new Error('There is no network here.');
  };
  const close = (owner: object, names: readonly string[]): void => {
    for (const name of names)
      Object.defineProperty(owner, name, { value: refuse, writable: false, configurable: false });
  };
  close(net.Socket.prototype, ['connect']);
  close(net.Server.prototype, ['listen']);
  close(dgram.Socket.prototype, ['bind', 'connect', 'send']);
  close(dns, ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'reverse']);
  close(dns.promises, ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'reverse']);
  close(process, ['binding', '_linkedBinding', 'dlopen']);
  for (const name of ['fetch', 'WebSocket', 'EventSource']) Reflect.deleteProperty(globalThis, name);
}
