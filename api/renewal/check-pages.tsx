/**
 * The pages of a check mail's link (R18, R19). Until it is answered the reader may be a stranger: no name, and no word of
 * what the address is for.
 */
import type { VNode } from 'preact';
import type { LinkView } from '../../usecases/open-link.js';
import { nextMailText } from './dates.js';
import { Heading, Say } from './layout.js';
import type { Page } from './layout.js';
import { Button, Form, HelpSection, MailFact } from './parts.js';

/** One button, and nothing happens without it: scanners only read, or send forms as served (R26). */
export function confirmPage(view: LinkView): Page {
  return page(view, 'メールが届いたことを知らせてください', [
    <Say text="このメールアドレスに、メールが届くかを確かめています。" />,
    <MailFact address={view.maskedAddress} />,
    <Say class="hint" text="安全のため、一部を○にしています。" />,
    <Say class="large" text="下のボタンを押してください。" />,
    <Form to="/received">
      <Button text="このメールを受け取りました" name="answer" value="received" />
    </Form>,
    <Say text="心あたりがない人は、押さないで、このページを閉じてください。" />,
    <Say text="パスワードや暗証番号は聞きません。" />,
  ]);
}

/** Replaced, taken back, too late, or 廃止: to whoever reads this it is the same. */
export function checkOverPage(view: LinkView): Page {
  return page(view, 'このメールは、もう使えません', [
    <Say class="large" text="今は、何もしなくてだいじょうぶです。" />,
    <Say text="新しいメールが届いている人は、そのメールの青い文字を押してください。" />,
    <HelpSection view={view} />,
  ]);
}

/** After the button, while there is nothing to answer. */
export function receivedPage(view: LinkView): Page {
  const title = 'メールが届くことを、確かめました';
  return page(
    view,
    title,
    [
      <Say text="ありがとうございます。" />,
      <Say class="large" text="今は、何もしなくてだいじょうぶです。" />,
      <MailFact address={view.maskedAddress} />,
      <Say text={`次のメールは、${nextMailText(view)}ごろ送ります。`} />,
      <Say text="このページは、閉じてだいじょうぶです。" />,
      <HelpSection view={view} />,
    ],
    { good: true },
  );
}

function page(view: LinkView, title: string, body: VNode[], { good = false } = {}): Page {
  return {
    status: 200,
    title,
    hqName: view.hq.displayName,
    nameless: true,
    body: (
      <>
        <Heading text={title} good={good} />
        {body}
      </>
    ),
  };
}
