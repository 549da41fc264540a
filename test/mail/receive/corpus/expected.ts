/**
 * The reports of this folder and what they say. `*-real-*` were written by Debian's Postfix 3.7, Exim 4.96 and
 * OpenSMTPD 6.8 with a scripted exchanger behind them; the others by hand, after the ways in which servers write.
 * All people, hosts and headquarters are invented; carriers appear by their domain names only.
 */
import { readFileSync } from 'node:fs';
import type { BounceClass } from '../../../../domain/bounce.js';
import type { Finding, Reading } from '../../../../mail/receive/report.js';

export interface ExpectedFinding extends Pick<Finding, 'action' | 'recipient' | 'status'> {
  /** Part of the diagnostic; null: it has none. */
  says: string | null;
  /** What it means if it is a failure; of a delay, what it would mean if it went on. */
  bounceClass: BounceClass;
}

export interface ExpectedReading {
  what: Reading['what'];
  messageId: string | null;
  findings: ExpectedFinding[];
}

/** The raw mail, by its name in the table. */
export function readCorpus(name: string): Buffer {
  return readFileSync(new URL(`./${name}.eml`, import.meta.url));
}

function report(messageId: string | null, findings: ExpectedFinding[]): ExpectedReading {
  return { what: 'REPORT', messageId, findings };
}

function harmless(what: Exclude<Reading['what'], 'REPORT'>, messageId: string | null): ExpectedReading {
  return { what, messageId, findings: [] };
}

/** By file name, without `.eml`. */
export const EXPECTED: Readonly<Record<string, ExpectedReading>> = {
  'absence-by-subject-only': harmless('AUTO_REPLY', null),
  'address-changed-auto-reply': harmless('AUTO_REPLY', null),
  'au-com-dsn': report('<74a49d12-4488-4b05-a890-973880305b61@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.hanako@au.com',
      status: '5.1.1',
      says: 'User Unknown',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'au-over-quota': report('<3ec2658c-1dfe-4c14-a09c-180525b40066@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.jiro@ezweb.ne.jp',
      status: null,
      says: 'over quota',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'au-rejected': report('<354ddb48-87b4-46f4-a91a-29a3fca0247e@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.hanako@ezweb.ne.jp',
      status: null,
      says: 'User Unknown',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'biglobe-full': report('<19a2feec-36f0-4b2d-a5b6-6d24ab3edbcc@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.taro@mwb.biglobe.ne.jp',
      status: null,
      says: 'exceeded the local limit',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'biglobe-unknown': report('<00cd5034-b402-49ae-aa8e-b1cfdfb5bcd4@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@mwb.biglobe.ne.jp',
      status: null,
      says: 'mail recipient was not found',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'carrier-auto-reply': harmless('AUTO_REPLY', null),
  'challenge-english': harmless('CHALLENGE', '<24dc864d-1ea4-4301-ad16-5808060ad2c4@bounce.example.jp>'),
  'challenge-in-text-only': harmless('CHALLENGE', null),
  'challenge-japanese': harmless('CHALLENGE', null),
  'challenge-tmda': harmless('CHALLENGE', null),
  'complaint-arf': harmless('COMPLAINT', '<8777bf38-1c5e-46d8-a8e4-58b54494d510@bounce.example.jp>'),
  'complaint-arf-odd-case': harmless('COMPLAINT', '<9d30ff0c-7aa6-4761-ace9-81c7cbb53f91@bounce.example.jp>'),
  'complaint-outlook': harmless('COMPLAINT', '<fa96eea7-4a6e-488c-a478-8e4a3f2de309@bounce.example.jp>'),
  'courier-unknown': report('<9290752c-3853-4d71-ae46-aacd6de262b9@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'docomo-dsn': report('<b5fac84d-68d9-4ac0-a6d7-022faf36d79a@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.hanako@docomo.ne.jp',
      status: '5.1.1',
      says: 'Unknown user',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'docomo-odd-address': report('<f48cf079-3657-440f-a7ab-4c1ad4072a27@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: '"kakuu..taro."@docomo.ne.jp',
      status: '5.1.1',
      says: 'Unknown user',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'docomo-unknown-by-postfix': report('<fb504e03-1c52-4bfb-a830-71842b68ac22@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu-hanako@docomo.ne.jp',
      status: '5.0.0',
      says: 'wn user kakuu-hanako@docomo.ne.jp',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'domino-unknown': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: null,
      says: 'not listed in Domino Directory',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-as-octets': report('<e6d4fa7d-4d02-4051-ac0c-2cb76a54884f@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-as-plain-text': report('<1d028fca-ddd0-4b47-a62f-cf5172ea61bb@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-base64': report('<027295db-f991-465a-ae55-994f86e2f005@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-control-characters': report('<8dac7c70-a471-4384-af5b-f06e1f2399c7@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-cut-short': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-encoded-diagnostic': report('<e093491b-ff07-418c-abde-55b6ae52f9d9@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: '宛先がありません',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-expanded': harmless('SUCCESS', '<1ee14aa5-82ae-40a4-a2fc-ae2cec988968@bounce.example.jp>'),
  'dsn-folded-mixed-ends': report('<7356a921-850d-4bd9-ae00-2db816de661e@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-forwarded-address': report('<653c77f5-b49d-4521-a581-5a083b2697a6@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-global': report('<095b0509-c2c9-4791-a7a3-a59f810d5ed7@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: '架空.太郎@例え.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-global-raw': report('<e487892a-3b33-43d5-a6ee-fe4d36080e8c@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: '架空.太郎@例え.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-headers-only': report('<109a2be4-1167-4327-a84b-1411670a02fd@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-mbox-line': report('<45140ced-b78e-4816-a9f9-735c717163a8@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-no-action': report('<e025ce0a-a0bb-4c08-ab80-ae67d05c681a@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-no-action-no-status': report('<7ccd0157-2285-4bd2-a4e2-7fc15d592fa5@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-no-blank-lines': report('<689e3616-0f11-4587-ab5a-81624dc5a3cd@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
    {
      action: 'FAILED',
      recipient: 'ippai@example.com',
      status: '5.2.2',
      says: 'Quota exceeded',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'dsn-no-boundary': report('<1de82ed1-e1c5-433b-a810-61ce9eba86d4@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-no-text-in-status': report('<b1345040-2610-4d2f-a7b7-e4d060938635@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.0.0',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-not-multipart': report('<ad40ef5f-7b08-4af9-a924-473b5976a89c@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-odd-case': report('<cb6f9972-098b-4ec2-ab4d-5913ccf5b216@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-one-of-two': report('<df05acab-e379-4186-a112-6a9e9264f6e0@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-quoted-printable': report('<df65d3f8-6ec8-4ebe-acf4-8f84b9ef21e3@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-status-only': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-torn-groups': report('<91e032a7-8c2f-45ab-a9db-be242e765172@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'dsn-wrong-boundary': report('<7ccdecae-2317-4cf2-acab-82087c5da672@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'No such user',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  empty: harmless('UNREADABLE', null),
  'exchange-2003': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.co.jp',
      status: '5.1.1',
      says: 'does not exist at the organization',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'exchange-2010-quota': report('<9fd2b60c-3e54-4577-aec8-55c8e1145268@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@example.co.jp',
      status: '5.2.2',
      says: 'mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'exchange-delayed': report(null, [
    {
      action: 'DELAYED',
      recipient: 'machi@osoi.example.jp',
      status: null,
      says: "hasn't been delivered yet",
      bounceClass: 'EXPIRED',
    },
  ]),
  'exchange-japanese-jis': report('<0ab0d8bb-2f19-4cad-a3cd-353cb08196fc@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@example.co.jp',
      status: '5.2.2',
      says: 'mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'exchange-out-of-office': harmless(
    'AUTO_REPLY',
    '<617e1feb-e159-4938-a133-8174f028b16f@bounce.example.jp>',
  ),
  'exchange-relayed': harmless('SUCCESS', '<3dc01eda-1188-4d5e-ae81-6455710d5124@bounce.example.jp>'),
  'exim-prose-delayed': report(null, [
    {
      action: 'DELAYED',
      recipient: 'machi@osoi.example.jp',
      status: null,
      says: 'Connection timed out',
      bounceClass: 'EXPIRED',
    },
  ]),
  'exim-prose-no-domain': report('<9545b9d0-789b-4252-a5fe-3d1d474926c5@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@nai.example.jp',
      status: null,
      says: 'all relevant MX records point to non-existent hosts',
      bounceClass: 'DOMAIN_NOT_FOUND',
    },
  ]),
  'exim-real-au-unknown': report('<c5cd329e-8656-4290-99dd-d7defec84c37@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@ezweb.ne.jp',
      status: '5.0.0',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'exim-real-content': report('<62f9c7fa-0333-4f2b-8ba7-9ce665009493@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'naiyou.jiro@example.ne.jp',
      status: '5.0.0',
      says: 'refused by content policy',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'exim-real-docomo-unknown': report('<3471957f-a24f-42ce-b954-e4c30aebf859@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@docomo.ne.jp',
      status: '5.0.0',
      says: 'Unknown user',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'exim-real-full': report('<1cb5d6ee-ec24-4861-8aca-b1ca0ad41c1d@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@example.ne.jp',
      status: '5.0.0',
      says: 'Mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'exim-real-no-domain-expired': report('<932d07bc-b563-4855-ab8a-de15352d503f@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@no-such-domain.example',
      status: '5.0.0',
      says: 'retry timeout exceeded',
      bounceClass: 'EXPIRED',
    },
  ]),
  'exim-real-refused': report('<0863b2b0-7e6f-4dc9-8cfb-a198cc5f5ab3@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kyohi.taro@example.ne.jp',
      status: '5.0.0',
      says: 'does not accept mail from this sender',
      bounceClass: 'REFUSED',
    },
  ]),
  'exim-real-softbank-unknown': report('<713b9d33-de9e-4bbf-8542-5644e781ff86@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@i.softbank.jp',
      status: '5.0.0',
      says: 'Invalid recipient',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'exim-real-success': harmless('SUCCESS', '<62aadb0e-572e-41d2-baee-65ab83035c48@bounce.example.jp>'),
  'exim-real-unknown': report('<3729ac78-ad6f-46a3-940c-7c0d550283f2@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@example.co.jp',
      status: '5.0.0',
      says: 'User unknown in virtual mailbox table',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'exim-real-wait-expired': report('<e1282903-3412-49ea-aaae-fb74eb165edc@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'machi.ichiro@example.ne.jp',
      status: '5.0.0',
      says: 'busy',
      bounceClass: 'EXPIRED',
    },
  ]),
  'failed-recipients-only': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'unknown mailbox',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  garbage: harmless('UNREADABLE', null),
  'gmail-delayed': report('<53d9c542-2b1d-4678-a561-326cbe01e23d@bounce.example.jp>', [
    {
      action: 'DELAYED',
      recipient: 'machi@osoi.example.jp',
      status: null,
      says: 'temporary problem delivering',
      bounceClass: 'EXPIRED',
    },
  ]),
  'gmail-dmarc-by-postfix': report('<61c18cfe-7baf-47c1-a8cd-d04a365a23e4@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'yoi.saburo@gmail.com',
      status: '5.7.26',
      says: '6 Unauthenticated email from shobo.e',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'gmail-full-by-postfix': report('<7e330eb0-b9e0-4201-a4d8-0992853132c5@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@gmail.com',
      status: '5.2.2',
      says: " The recipient's inbox is out of sto",
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'gmail-japanese': report('<594cde9e-2b15-49b3-a173-af56622b9f7d@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.co.jp',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'gmail-prose-old': report('<1da0f7c7-c084-4813-a2e9-fafdee2c8bb6@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.co.jp',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'gmail-unknown': report('<a3a73459-c402-41b8-a982-4c04ec411265@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@gmail.com',
      status: '5.1.1',
      says: 'The email account that you tried to reach does not exist',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'gmail-unknown-by-postfix': report('<0bd0ca75-1b9a-4ea5-a6bb-f5786a9ddadd@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@gmail.com',
      status: '5.1.1',
      says: ' The email account that you tried to',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'greylist-expired-by-postfix': report('<3ab383d6-8d0c-4556-a4ee-fd93346ee973@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'machi@osoi.example.jp',
      status: '4.7.1',
      says: ' <machi@osoi.example.jp>: Recipient ',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'groupwise-unknown': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: null,
      says: 'user not found',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'icloud-full-by-postfix': report('<53dd69b5-d6c8-4ec7-a89c-30789a561ed7@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.taro@icloud.com',
      status: '5.2.2',
      says: ' <ippai.taro@icloud.com>: user is ov',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'iis-prose': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.jiro@example.co.jp',
      status: null,
      says: 'Delivery to the following recipients failed',
      bounceClass: 'OTHER',
    },
  ]),
  'kddi-full': report('<b95a057e-5828-404c-a9ca-8a7b75973b5e@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.taro@mobile.example.ne.jp',
      status: null,
      says: 'mailbox is full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'mailing-list-held': harmless('AUTO_REPLY', null),
  'mailru-unknown': report('<ad842dac-0fa4-43c9-ab7f-7fd6bfffe5b8@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@mail.example.ru',
      status: null,
      says: 'user not found',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'nobody-named': report(null, [
    {
      action: 'FAILED',
      recipient: null,
      status: null,
      says: 'The mailbox is full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'office365-html-only': report('<f462a3ac-17a8-4574-aea6-a66ca3be5a68@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.co.jp',
      status: '5.1.10',
      says: 'RESOLVER.ADR.RecipientNotFound',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'office365-unknown': report('<22b2e6f7-5bf5-4343-a990-70d29283834d@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.co.jp',
      status: '5.1.10',
      says: 'RecipientNotFound',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'opensmtpd-real-au-unknown': report('<fdd1d14f-286d-4f75-8e1c-8378cd2e2397@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@ezweb.ne.jp',
      status: '5.0.0',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'opensmtpd-real-content': report('<aa374805-a29b-4948-9d99-975d2acccc94@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'naiyou.jiro@example.ne.jp',
      status: '5.0.0',
      says: 'refused by content policy',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'opensmtpd-real-docomo-unknown': report('<68d7e5ae-3607-4cac-bdfe-8f126cc9f904@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@docomo.ne.jp',
      status: '5.0.0',
      says: 'Unknown user',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'opensmtpd-real-full': report('<ea471fa8-979a-4d8b-8a64-5717251843d2@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@example.ne.jp',
      status: '5.0.0',
      says: 'Mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'opensmtpd-real-refused': report('<8d6b97d5-9167-4e1b-af4e-ef4e5791ffc9@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kyohi.taro@example.ne.jp',
      status: '5.0.0',
      says: 'does not accept mail from this sender',
      bounceClass: 'REFUSED',
    },
  ]),
  'opensmtpd-real-softbank-unknown': report('<f4f45ce9-a867-4da3-89c1-192b6a5b7de4@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@i.softbank.jp',
      status: '5.0.0',
      says: 'Invalid recipient',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'opensmtpd-real-success': harmless('SUCCESS', '<583a5e4d-35c7-4a97-a98c-5cf2f1cf3f98@bounce.example.jp>'),
  'opensmtpd-real-unknown': report('<7b2bafcd-f891-45fa-af91-a83a832f5661@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@example.co.jp',
      status: '5.0.0',
      says: 'User unknown in virtual mailbox table',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'opensmtpd-real-wait-delayed': report('<b7e73fc3-1013-4a15-bae4-911681a3f12a@bounce.example.jp>', [
    {
      action: 'DELAYED',
      recipient: 'machi.ichiro@example.ne.jp',
      status: '4.0.0',
      says: 'busy',
      bounceClass: 'EXPIRED',
    },
  ]),
  'opensmtpd-real-wait-expired': report('<b7e73fc3-1013-4a15-bae4-911681a3f12a@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'machi.ichiro@example.ne.jp',
      status: '4.4.7',
      says: 'Envelope expired',
      bounceClass: 'EXPIRED',
    },
  ]),
  'outlook-blocked-by-postfix': report('<100abee4-c548-437c-af3d-373a8cb42120@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'yoi.shiro@outlook.jp',
      status: '5.7.1',
      says: ' Unfortunately, messages from [192.0',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'outlook-unavailable-by-postfix': report('<9a59c826-f07f-4f8a-a152-1b19891b2489@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.hanako@outlook.jp',
      status: '5.5.0',
      says: ' Requested action not taken: mailbox',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'person-answers': harmless('NOT_A_REPORT', null),
  'person-forwards-attached': harmless('NOT_A_REPORT', '<17149fc2@mx.example.jp>'),
  'person-forwards-in-words': harmless('NOT_A_REPORT', null),
  'person-pastes-error': harmless('NOT_A_REPORT', null),
  'person-quotes-error': harmless('NOT_A_REPORT', null),
  'person-with-status-part': harmless(
    'NOT_A_REPORT',
    '<f41909f3-6385-42af-abcd-563322bd53b8@bounce.example.jp>',
  ),
  'postfix-no-host': report('<cf036a91-0340-45bf-a629-5232216f30bf@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@nai.example.jp',
      status: '5.4.4',
      says: 'Host or domain name not found',
      bounceClass: 'DOMAIN_NOT_FOUND',
    },
  ]),
  'postfix-prose-delayed': report(null, [
    {
      action: 'DELAYED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: null,
      says: 'Connection timed out',
      bounceClass: 'EXPIRED',
    },
  ]),
  'postfix-prose-only': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'postfix-real-au-unknown': report('<014ab5cf-cc56-4a43-a820-96266e9cd2cd@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@ezweb.ne.jp',
      status: '5.0.0',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'postfix-real-content': report('<fd61c0fc-24cf-4af7-8aa7-c28f39d909de@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'naiyou.jiro@example.ne.jp',
      status: '5.7.1',
      says: 'refused by content policy',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'postfix-real-docomo-unknown': report('<12220238-078a-45c8-b485-99de386a4163@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@docomo.ne.jp',
      status: '5.0.0',
      says: 'Unknown user',
      bounceClass: 'UNKNOWN_OR_REFUSED',
    },
  ]),
  'postfix-real-full': report('<d8748310-fb8f-461d-a0ca-b551dc741ac4@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@example.ne.jp',
      status: '5.2.2',
      says: 'Mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'postfix-real-no-domain-delayed': report('<1fdd7760-86b1-47fa-a213-438a98fb7cef@bounce.example.jp>', [
    {
      action: 'DELAYED',
      recipient: 'kakuu@no-such-domain.example',
      status: '4.4.3',
      says: 'Host not found',
      bounceClass: 'EXPIRED',
    },
  ]),
  'postfix-real-no-domain-expired': report('<1fdd7760-86b1-47fa-a213-438a98fb7cef@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@no-such-domain.example',
      status: '4.4.3',
      says: 'Host not found',
      bounceClass: 'EXPIRED',
    },
  ]),
  'postfix-real-refused': report('<8b541565-58f5-4f36-90b6-7b8214e547b0@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kyohi.taro@example.ne.jp',
      status: '5.7.1',
      says: 'does not accept mail from this sender',
      bounceClass: 'REFUSED',
    },
  ]),
  'postfix-real-softbank-unknown': report('<797fd4f1-3bb6-472d-aa2f-c51135f23e4f@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@i.softbank.jp',
      status: '5.0.0',
      says: 'Invalid recipient',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'postfix-real-success': harmless('SUCCESS', '<59a53f89-420e-4269-928c-0904e31916f0@bounce.example.jp>'),
  'postfix-real-unknown': report('<68858c82-e2bc-4729-bb14-74c4fbf8287f@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.fumei@example.co.jp',
      status: '5.1.1',
      says: 'User unknown in virtual mailbox table',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'postfix-real-wait-delayed': report('<c9613615-390d-486d-8d8a-7410b32fc08d@bounce.example.jp>', [
    {
      action: 'DELAYED',
      recipient: 'machi.ichiro@example.ne.jp',
      status: '4.2.1',
      says: 'busy',
      bounceClass: 'EXPIRED',
    },
  ]),
  'postfix-real-wait-expired': report('<c9613615-390d-486d-8d8a-7410b32fc08d@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'machi.ichiro@example.ne.jp',
      status: '4.2.1',
      says: 'busy',
      bounceClass: 'EXPIRED',
    },
  ]),
  'postmaster-answers': harmless('NOT_A_REPORT', null),
  'provider-japanese-delayed': report(null, [
    {
      action: 'DELAYED',
      recipient: 'kakuu.taro@provider.example.ne.jp',
      status: null,
      says: '接続できません',
      bounceClass: 'EXPIRED',
    },
  ]),
  'provider-japanese-html': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@provider.example.ne.jp',
      status: '5.2.2',
      says: '容量を超えています',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'provider-japanese-jis': report('<09202894-08c7-4d01-abfc-39407da2a645@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@provider.example.ne.jp',
      status: '5.1.1',
      says: 'ユーザが存在しません',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'provider-japanese-jis-undeclared': report('<984c4621-ea92-432e-ad9d-ea1d78c065d9@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@provider.example.ne.jp',
      status: '5.1.1',
      says: 'ユーザが存在しません',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'provider-japanese-sjis': report('<1c5d2ff1-4bce-472e-a882-36f74a398f28@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@provider.example.ne.jp',
      status: '5.1.1',
      says: 'ユーザが存在しません',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'provider-japanese-sjis-undeclared': report('<87c6bc76-0016-4585-aea5-bfb3f034b4cc@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@provider.example.ne.jp',
      status: '5.1.1',
      says: 'ユーザが存在しません',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'qmail-expired': report('<f6c21252-a173-43f1-ad96-bff4e7692a76@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'machi@osoi.example.jp',
      status: '4.4.1',
      says: 'in the queue too long',
      bounceClass: 'EXPIRED',
    },
  ]),
  'qmail-no-host': report('<1bc81af2-6ec5-4987-a173-36938da0f4c0@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@nai.example.jp',
      status: '5.1.2',
      says: "couldn't find any host",
      bounceClass: 'DOMAIN_NOT_FOUND',
    },
  ]),
  'qmail-two': report('<fa6b384d-aa53-4111-a9e4-ac58ee792a38@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'does not like recipient',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@example.com',
      status: '5.2.2',
      says: 'over the allowed quota',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'qmail-unknown': report('<bd0fd87c-2e08-4d5a-a937-17c4ed22d6f2@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'no mailbox here by that name',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'read-receipt': harmless('READ_RECEIPT', '<12b4c983-0951-4a4c-a6ad-fc4096c35bd9@bounce.example.jp>'),
  'read-receipt-deleted': harmless(
    'READ_RECEIPT',
    '<f011c57a-c4e0-478a-a8c3-51ba52c5206f@bounce.example.jp>',
  ),
  'read-receipt-in-words': harmless('READ_RECEIPT', null),
  'sendmail-delayed': report('<7342dfcd-fdec-4895-a518-b23500e8d757@bounce.example.jp>', [
    {
      action: 'DELAYED',
      recipient: 'machi@osoi.example.jp',
      status: '4.4.1',
      says: 'Connection timed out',
      bounceClass: 'EXPIRED',
    },
  ]),
  'sendmail-expired': report('<44c2e9b3-0906-4526-a71c-eb2a69672be9@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'machi@osoi.example.jp',
      status: '4.4.7',
      says: 'Connection timed out',
      bounceClass: 'EXPIRED',
    },
  ]),
  'sendmail-prose': report('<6b40cc5a-3c95-4c61-ae9a-9f18f6595195@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'sendmail-v5': report('<89fd7587-4e61-4a3b-a3ea-9d5c266b3fe3@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu@old.example.jp',
      status: null,
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'ses-dsn': report('<1af10041-ba37-4e46-a931-3c4073ec9dcb@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'user unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'size-by-postfix': report('<9bbb872b-61ff-4c68-a85a-3eca78028639@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.3.4',
      says: ' Message size exceeds fixed limit',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'softbank-dsn': report('<3e8874e5-d9be-4867-aee9-dd69e34edd51@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@softbank.ne.jp',
      status: '5.1.1',
      says: 'Invalid recipient',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'softbank-full': report('<3af4bded-0a14-4630-a0fa-886d2ff7ae8a@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.hanako@i.softbank.jp',
      status: '5.2.2',
      says: 'mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  spam: harmless('NOT_A_REPORT', null),
  'sun-messaging': report('<8aa6e16c-a8ff-4bf7-a164-024be0bddb1d@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'unknown or illegal alias',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'ticket-acknowledgement': harmless('AUTO_REPLY', null),
  'vacation-english': harmless('AUTO_REPLY', '<cdde034f-9134-4ef5-af93-b0aafd6b0e92@bounce.example.jp>'),
  'vacation-japanese-jis': harmless('AUTO_REPLY', null),
  'words-without-header': harmless('UNREADABLE', null),
  'yahoo-unknown': report('<f0d03d3b-40cb-48d2-adb1-3b3cfd955a14@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu_taro@yahoo.co.jp',
      status: null,
      says: "doesn't have a yahoo.co.jp account",
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'james-unknown': report('<8b0372e4-8544-4877-a257-5c7d735001f8@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: null,
      says: 'no such user here',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'mailfoundry-unknown': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: null,
      says: 'No such user here',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'mailmarshal-unknown': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'surfcontrol-unknown': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'gateway-trouble': report('<a50a45a4-8515-4db6-a5fa-fccbe8980adf@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'notes-failure-reasons': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: null,
      says: 'User not listed',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'office365-new-style': report('<73d3acc1-c3b6-481e-a5da-b833e8edea4d@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.10',
      says: 'RecipientNotFound',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'german-by-subject': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.2.2',
      says: 'Postfach voll',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'exchange-japanese-html-base64': report('<29b1c1f5-0a68-47a0-a735-4caf08d3a5b1@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.7.1',
      says: 'NotAuthorized',
      bounceClass: 'REFUSED',
    },
  ]),
  'barracuda-blocked': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: null,
      says: 'Spam Firewall',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'list-receipt-from-machine': harmless('AUTO_REPLY', null),
  'behind-copy-failed': harmless('SUCCESS', '<5b1f0a10-0000-4000-8000-000000000001@bounce.example.jp>'),
  'behind-list-member-failed': harmless(
    'SUCCESS',
    '<5b1f0a10-0000-4000-8000-000000000002@bounce.example.jp>',
  ),
  'behind-relayed-no-original': harmless('SUCCESS', null),
  'behind-forwarding-delayed': harmless(
    'SUCCESS',
    '<5b1f0a10-0000-4000-8000-000000000004@bounce.example.jp>',
  ),
  'behind-same-original-failed': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'behind-copy-arrived-ours-failed': report('<5b1f0a10-0000-4000-8000-000000000006@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'ippai.taro@example.ne.jp',
      status: '5.2.2',
      says: 'Mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'note-away-quotes-error': harmless('AUTO_REPLY', null),
  'note-moved-null': harmless('NOT_A_REPORT', null),
  'note-japanese-old-address': harmless('NOT_A_REPORT', null),
  'note-japanese-away': harmless('AUTO_REPLY', null),
  'note-from-daemon': harmless('NOT_A_REPORT', null),
  'note-recovered': harmless('NOT_A_REPORT', null),
  'newsletter-about-bounces': harmless('NOT_A_REPORT', null),
  'help-about-bounces': harmless('NOT_A_REPORT', null),
  'spam-mailbox-full': harmless('NOT_A_REPORT', null),
  'spam-mailbox-full-japanese': harmless('NOT_A_REPORT', null),
  'challenge-null-from-daemon': harmless('CHALLENGE', null),
  'digest-of-blocked': harmless('NOT_A_REPORT', null),
  'gateway-null-returns-original': report('<5b1f0a10-0000-4000-8000-000000000007@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'role-null-prose': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.2.2',
      says: 'Mailbox full',
      bounceClass: 'MAILBOX_FULL',
    },
  ]),
  'daemon-new-address-in-reply': report(null, [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.com',
      status: '5.1.6',
      says: 'new address',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'own-path-unknown': report('<5b1f0a10-0000-4000-8000-000000000021@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'User unknown',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'own-name-not-found': report('<5b1f0a10-0000-4000-8000-000000000022@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.2',
      says: 'Host not found',
      bounceClass: 'SENDER_BLOCKED',
    },
  ]),
  'own-path-merely-quoted': report('<5b1f0a10-0000-4000-8000-000000000023@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'helo=<bounce.example.jp>',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
  'own-sender-quoted-behind-a-stop': report('<5b1f0a10-0000-4000-8000-000000000024@bounce.example.jp>', [
    {
      action: 'FAILED',
      recipient: 'kakuu.taro@example.ne.jp',
      status: '5.1.1',
      says: 'was not accepted',
      bounceClass: 'UNKNOWN_ADDRESS',
    },
  ]),
};
