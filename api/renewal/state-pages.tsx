/** What a link answers when there is nothing to choose: done, too early, old, withdrawn (R8, R15, R27). */
import type { VNode } from 'preact';
import type { LinkView } from '../../usecases/open-link.js';
import { nextMailText } from './dates.js';
import { Heading, Say, Section } from './layout.js';
import type { Page } from './layout.js';
import { Button, Facts, Form, Help, HelpSection, Notice, TellChanges } from './parts.js';

const NOTHING_TO_DO = '今は、何もしなくてだいじょうぶです。';
const GOES_ON_USING = 'NET119を、これからも使います。';

/** After ①, a page of its own. */
export function renewedPage(view: LinkView): Page {
  return page(
    view,
    '更新できました',
    [
      <Say class="large" text={NOTHING_TO_DO} />,
      <Facts view={view} dateLabel="次の期限" />,
      <Say text={`次のお願いのメールは、${nextMailText(view)}ごろ送ります。`} />,
      <Say text="更新できたことを、メールでも知らせます。" />,
      <Say text="このページは、閉じてだいじょうぶです。" />,
      <TellChanges />,
      <HelpSection view={view} />,
    ],
    { good: true },
  );
}

/** The same link ever after (R27). */
export function donePage(view: LinkView, { kept }: { kept: boolean }): Page {
  return page(
    view,
    '更新は終わっています',
    [
      <Notice text={kept ? GOES_ON_USING : null} />,
      <Say class="large" text="何もしなくてだいじょうぶです。" />,
      <Facts view={view} dateLabel="次の期限" />,
      <Say text={`次のお願いのメールは、${nextMailText(view)}ごろ送ります。`} />,
      <TellChanges />,
      <HelpSection view={view} />,
    ],
    { good: true },
  );
}

/** R8: the window is not open. */
export function tooEarlyPage(view: LinkView, { kept }: { kept: boolean }): Page {
  return page(view, 'まだ更新しなくてだいじょうぶです', [
    <Notice text={kept ? GOES_ON_USING : null} />,
    <Say class="large" text={`${nextMailText(view)}ごろ、お願いのメールを送ります。`} />,
    <Say text={NOTHING_TO_DO} />,
    <Facts view={view} dateLabel="期限" />,
    <TellChanges />,
    <HelpSection view={view} />,
  ]);
}

/** R27. The reader may be a stranger who has the address now, so nothing of the person is shown. */
export function oldPage(view: LinkView): Page {
  const paper = view.link.by === 'PAPER';
  return page(view, paper ? 'これは、前の手紙です' : 'これは、前のメールです', [
    <Say
      text={paper ? 'この手紙からは、更新できません。' : 'このメールの青い文字からは、更新できません。'}
    />,
    <Say
      class="large"
      text={
        paper
          ? '新しい手紙のQRを読むか、新しいメールの青い文字を押してください。'
          : '新しいメールの青い文字を押してください。'
      }
    />,
    <Section title="新しいメールが見つからない人は">
      <Say text="登録してあるメールアドレスに、もう一度送ります。" />
      <Form to="/new-mail">
        <Button text="新しいメールを送ってもらう" name="answer" value="send" />
      </Form>
    </Section>,
    <AddressChanged hq={view.hq} />,
  ]);
}

/** The same words for everybody: whether a mail goes out is nobody's business but the registered address's. */
export function newMailPage(view: LinkView): Page {
  return page(
    view,
    '受けつけました',
    [
      <Say text="更新の手続きが必要な人には、登録してあるメールアドレスに、新しいメールを送ります。" />,
      <Say text="新しいメールが届いたら、そのメールの青い文字を押してください。" />,
      <AddressChanged hq={view.hq} />,
    ],
    { good: true },
  );
}

/** R15. */
export function withdrawnPage(view: LinkView): Page {
  return page(view, 'NET119の登録は、終わっています', [
    <Say class="large" text="この手続きは、しなくてだいじょうぶです。" />,
    <Section title="もう一度使いたい人、わからない人は">
      <Help hq={view.hq} mail={view.link.by === 'MAIL'} />
    </Section>,
  ]);
}

function AddressChanged({ hq }: { hq: LinkView['hq'] }): VNode {
  return (
    <Section title="メールアドレスが変わった人、メールが届かない人は">
      <Say text="次のどれかで、更新できます。" />
      <Help hq={hq} letter />
    </Section>
  );
}

function page(view: LinkView, title: string, body: VNode[], { good = false } = {}): Page {
  return {
    status: 200,
    title,
    hqName: view.hq.displayName,
    body: (
      <>
        <Heading text={title} good={good} />
        {body}
      </>
    ),
  };
}
