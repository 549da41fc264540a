/** When something is in the way: what it means for the person and what to do now, and never a word of blame or alarm. */
import type { VNode } from 'preact';
import { Heading, Say } from './layout.js';
import type { Page } from './layout.js';

const PRESS_AGAIN = 'メールの青い文字を、もう一度押してください。';
const ELSE_REPLY = 'だめなときは、そのメールに返信してください。';
/** Whatever happens here has nothing to do with calling for help. */
const APART = 'この手続きと119番の通報は、別のしくみです。';

export const unknownPage: Page = page(404, 'リンクが、とちゅうで切れているようです', [
  <Say class="large" text={PRESS_AGAIN} />,
  <Say text={ELSE_REPLY} />,
]);

/** 503 while the database is away, 500 for a defect of ours: to the person it is the same. */
export function troublePage(status: 500 | 503): Page {
  return page(status, '今、手続きができません', [
    <Say class="large" text="しばらくしてから、同じメールの青い文字をもう一度押してください。" />,
    <Say text={APART} />,
    <Say text={ELSE_REPLY} />,
  ]);
}

export const waitPage: Page = page(429, '少し待ってください', [
  <Say
    class="large"
    text="短い間に、たくさん押されました。少し待ってから、メールの青い文字をもう一度押してください。"
  />,
  <Say text={APART} />,
  <Say text={ELSE_REPLY} />,
]);

/** The use case keeps no more requests of one day. */
export const enoughTodayPage: Page = page(429, '今日は、もう送れません', [
  <Say class="large" text="今日、消防本部に送ったことは、全部届いています。" />,
  <Say text="伝えたいことがまだあるときは、消防から届いたメールに返信してください。" />,
]);

/** A form that did not come from our page, or that we cannot read. */
export function notReadPage(status: 400 | 403 | 405 | 415): Page {
  return page(status, '答えは、まだ届いていません', [
    <Say class="large" text={PRESS_AGAIN} />,
    <Say text={ELSE_REPLY} />,
  ]);
}

export const tooLongPage: Page = page(413, '文が長くて、送れませんでした', [
  <Say class="large" text="前のページにもどって、文を短くしてから、もう一度送ってください。" />,
  <Say text="長い文は、メールの返信で送ってください。" />,
]);

function page(status: number, title: string, body: VNode[]): Page {
  return {
    status,
    title,
    hqName: null,
    body: (
      <>
        <Heading text={title} />
        {body}
      </>
    ),
  };
}
