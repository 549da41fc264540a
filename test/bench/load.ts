/** Load from one process: so many calls under way at any moment. */
import { Agent, request } from 'node:http';

/** Both sides of a ratio. */
const IN_FLIGHT = 32;

/** Runs `work` over all items; returns calls per second. The first failure ends it. */
export async function drive<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const began = performance.now();
  const lane = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return items.length / ((performance.now() - began) / 1_000);
}

const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });

export interface Reply {
  status: number;
  location: string | undefined;
  cookies: readonly string[];
  body: string;
}

/** Plain node:http: its share of the machine is smaller than that of fetch. */
export function call(
  method: 'GET' | 'POST',
  url: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          cookies: response.headers['set-cookie'] ?? [],
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.end(body);
  });
}
