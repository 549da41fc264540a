/** The only requests that this process sends: to hosts that the caller has pinned. */

export interface Got {
  status: number;
  text: string;
}

/** Rejects when there is no answer in time, on a redirect, and when the answer is too large. */
export type HttpGet = (url: string) => Promise<Got>;

const TIMEOUT = 5_000;
/** A certificate chain has some kilobytes. */
const LARGEST = 64 * 1024;

export const httpGet: HttpGet = async (url) => {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > LARGEST) throw new Error('The answer is too large');
    chunks.push(chunk);
  }
  return { status: answer.status, text: Buffer.concat(chunks).toString('utf8') };
};
