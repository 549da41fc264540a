/** Where a mailbox is, and who we are there, as one URL: `imaps://user:password@host:port/Folder`. */

export interface ImapPlace {
  host: string;
  port: number;
  /** TLS from the start; else by STARTTLS. */
  secure: boolean;
  user: string;
  password: string;
  /** Path of the folder that is read, as the server writes it. */
  folder: string;
}

/** Folders for what cannot be recorded, beside that for what has been. */
export const SET_ASIDE_FOLDERS = { tooLarge: 'TooLarge', failed: 'Failed' } as const;

/** What has special meaning in a URL is percent-encoded. null: it is none, or lacks host, user or password. */
export function parseImapUrl(text: string): ImapPlace | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'imap:' && url.protocol !== 'imaps:') return null;
  try {
    const place: ImapPlace = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'imaps:' ? 993 : 143) : Number(url.port),
      secure: url.protocol === 'imaps:',
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      folder: decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX',
    };
    return place.host === '' || place.user === '' || place.password === '' ? null : place;
  } catch {
    // A % that encodes nothing.
    return null;
  }
}

/** The standard knows one name in any case, INBOX; of all others the case counts. */
export function isSameFolder(one: string, other: string): boolean {
  const name = (folder: string) => (folder.toUpperCase() === 'INBOX' ? 'INBOX' : folder);
  return name(one) === name(other);
}
