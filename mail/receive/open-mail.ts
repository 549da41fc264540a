/** From octets to a mail that can be read: headers, the words a person sees, and the parts made for machines. */
import PostalMime, { decodeWords } from 'postal-mime';
import type { Attachment, Email } from 'postal-mime';
import { decodeOctets, htmlToText, mendJis } from './text.js';
import { thin } from './thin.js';

export interface Part {
  /** Lower case, `message/delivery-status`. */
  type: string;
  text: string;
}

export interface OpenedMail {
  /** The first value of a header, decoded; empty when there is none. Names in lower case. */
  header(name: string): string;
  /** The media type of the whole, lower case, without parameters. */
  type: string;
  /** `report-type` of a multipart/report, lower case. */
  reportType: string;
  /** What a person would read, HTML as text. */
  text: string;
  parts: Part[];
  /** The envelope named no sender; false where it is not known. */
  hasNoSender: boolean;
}

const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 256 * 1024 };
/** More parts than any server writes. */
const PARTS = 30;

/** @throws when it is no mail at all: nothing in it, no header, or nested without end. */
export async function openMail(raw: Buffer, hasNoSender = false): Promise<OpenedMail> {
  const octets = thin(raw);
  const mail = await parse(octets);
  if (!mail.headers.some(({ key, value }) => /^[a-z][a-z0-9-]*$/.test(key) && value !== '')) {
    throw new Error('no header');
  }
  const contentType = headerOf(mail, 'content-type');
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const body = (isEmpty(mail) && type.startsWith('multipart/') ? await parseByGuess(octets) : null) ?? mail;
  return {
    header: (name) => mendJis(decodeWords(headerOf(mail, name))),
    type,
    reportType: /report-type\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? '',
    text: textOf(body, octets),
    parts: body.attachments.slice(0, PARTS).map(toPart),
    hasNoSender,
  };
}

function parse(octets: Buffer): Promise<Email> {
  // The returned original is evidence: its words must not mix with those of the report.
  return PostalMime.parse(octets, { ...LIMITS, forceRfc822Attachments: true });
}

function headerOf(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value ?? '';
}

function isEmpty(mail: Email): boolean {
  return mail.text === undefined && mail.html === undefined && mail.attachments.length === 0;
}

/** The boundary named in the header is not the one between the parts: the first line that looks like one is taken. */
function parseByGuess(octets: Buffer): Promise<Email> | null {
  const start = octets.indexOf('\n\n');
  const body = start < 0 ? '' : octets.toString('latin1', start + 2);
  const boundary = /^--([^\s"\\]{1,200})[ \t]*\n(?=\n|[A-Za-z-]{1,40}:)/m.exec(body)?.[1];
  if (boundary === undefined) return null;
  const header = `Content-Type: multipart/mixed; boundary="${boundary}"\n\n`;
  return parse(Buffer.from(header + body, 'latin1'));
}

function textOf(mail: Email, octets: Buffer): string {
  const text = mail.text?.trim() ? mail.text : htmlToText(mail.html ?? '');
  // No character set was named, and it is not UTF-8: only the octets themselves can tell.
  // (One that is cut short may end within a character, and says nothing about the others.)
  if (text.replace(/\ufffd{1,3}\s*$/, '').includes('\ufffd') && mail.attachments.length === 0) {
    const start = octets.indexOf('\n\n');
    const body = octets.subarray(start < 0 ? octets.length : start + 2);
    const guessed = decodeOctets(body);
    return mail.text?.trim() ? guessed : htmlToText(guessed);
  }
  return mendJis(text);
}

function toPart({ mimeType, content }: Attachment): Part {
  if (typeof content === 'string') return { type: mimeType, text: content };
  return { type: mimeType, text: decodeOctets(new Uint8Array(content)) };
}
