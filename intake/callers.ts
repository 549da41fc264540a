/** Who calls: one address may not take all the room from others. Whoever is sent away comes again later. */
import { BlockList, isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';

export interface CallerLimits {
  /** Lines of one address at once. */
  connectionsPerAddress: number;
  messagesPerMinutePerAddress: number;
  /** Whom no limit is meant for: a mail server of our own in front brings everybody's reports. */
  isOurs: (address: string) => boolean;
}

export interface Callers {
  /** False when its address has as many lines as it may. */
  enter(call: Call): boolean;
  left(call: Call): void;
  /** False when its address has brought as many messages in this minute as it may. */
  mayBring(call: Call): Promise<boolean>;
}

interface Call {
  id: string;
  remoteAddress: string;
}

export function createCallers(limits: CallerLimits): Callers {
  const calls = new Map<string, string>();
  const lines = new Map<string, number>();
  const rate = new RateLimiterMemory({ points: limits.messagesPerMinutePerAddress, duration: 60 });
  return {
    enter({ id, remoteAddress }) {
      if (limits.isOurs(remoteAddress)) return true;
      const caller = callerOf(remoteAddress);
      const count = lines.get(caller) ?? 0;
      if (count >= limits.connectionsPerAddress) return false;
      calls.set(id, caller);
      lines.set(caller, count + 1);
      return true;
    },
    left({ id }) {
      const caller = calls.get(id);
      if (caller === undefined) return;
      calls.delete(id);
      const count = (lines.get(caller) ?? 0) - 1;
      if (count > 0) lines.set(caller, count);
      else lines.delete(caller);
    },
    mayBring({ remoteAddress }) {
      if (limits.isOurs(remoteAddress)) return Promise.resolve(true);
      return rate.consume(callerOf(remoteAddress)).then(
        () => true,
        () => false,
      );
    },
  };
}

const OUR_NETWORKS = new BlockList();
for (const [network, prefix, family] of [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const) {
  OUR_NETWORKS.addSubnet(network, prefix, family);
}

/** This machine and private networks: nobody comes from there over the internet. */
export function isOurNetwork(address: string): boolean {
  const plain = unmapped(address);
  return OUR_NETWORKS.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

/** An address; of IPv6 the network, since each caller has 2⁶⁴ of them. */
export function callerOf(address: string): string {
  const plain = unmapped(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

/** IPv4 as a socket for both shows it. */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
