/** The question itself: what we have (masked), the date, three answers, none chosen beforehand (R26). */
import type { Instant } from '../../domain/calendar.js';
import type { LinkView } from '../../usecases/open-link.js';
import { Ja } from './furigana.js';
import { Heading, Say } from './layout.js';
import type { Page } from './layout.js';
import { Button, Choice, ErrorList, Facts, FieldError, Form, HelpSection, Notice, errorId } from './parts.js';

export const CHOICES = ['same', 'changed', 'stop'] as const;
export type AnswerChoice = (typeof CHOICES)[number];

const NOT_YOU: Readonly<Record<LinkView['link']['by'], string>> = {
  MAIL: '自分の名前ではないときは、答えを送らないで、届いたメールに返信してください。',
  PAPER: '自分の名前ではないときは、答えを送らないで、下のFAXか窓口に知らせてください。',
};

const FIRST = 'choice-same';
const NONE_CHOSEN = { field: FIRST, text: '答えを1つ選んでから、押してください。' };

export function answerPage(
  view: LinkView,
  {
    now,
    chosenNone,
    kept,
    received,
  }: { now: Instant; chosenNone: boolean; kept: boolean; received: boolean },
): Page {
  const error = chosenNone ? NONE_CHOSEN : undefined;
  return {
    status: chosenNone ? 422 : 200,
    title: chosenNone ? '答えを選んでください' : '3つの答えから選んでください',
    hqName: view.hq.displayName,
    body: (
      <>
        <ErrorList errors={error ? [error] : []} />
        <Notice text={kept ? 'NET119を、これからも使います。下の答えを1つ選んでください。' : null} />
        <Notice
          text={received ? 'メールが届くことを、確かめました。次に、下の答えを1つ選んでください。' : null}
        />
        <Heading text="NET119の定期更新手続き" />
        <Say text="消防からのメールが、あなたに届くかを確かめています。" />
        {now >= view.expiresAt && (
          <Say class="note" text="期限がすぎました。119番の通報は、今もできます。更新も、今からできます。" />
        )}
        <Facts view={view} dateLabel="期限" />
        <Say class="hint" text="安全のため、一部を○にしています。" />
        <Form to="">
          <fieldset
            role="radiogroup"
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? errorId(FIRST) : undefined}
          >
            <legend>
              <Ja text="登録した内容は、前と同じですか。" />
            </legend>
            <Say class="hint" text="1つ選んで、「この答えを送る」を押してください。" />
            <FieldError error={error} />
            <Choice
              type="radio"
              name="choice"
              value="same"
              id={FIRST}
              checked={false}
              text="① 同じです"
              more="（変わっていません）"
            />
            <Choice
              type="radio"
              name="choice"
              value="changed"
              id="choice-changed"
              checked={false}
              text="② 変わったものがあります"
              more="（メール・電話会社・住所・FAX・緊急連絡先・名前など）"
            />
            <Choice
              type="radio"
              name="choice"
              value="stop"
              id="choice-stop"
              checked={false}
              text="③ NET119を もう使いません"
            />
          </fieldset>
          <Button text="この答えを送る" />
        </Form>
        <ul>
          <li>
            <Ja text="期限がすぎても、NET119で119番に通報できます。" />
          </li>
          <li>
            <Ja text="お金はかかりません。" />
          </li>
          <li>
            <Ja text="パスワードや暗証番号は聞きません。" />
          </li>
          <li>
            <Ja text={NOT_YOU[view.link.by]} />
          </li>
        </ul>
        <HelpSection view={view} />
      </>
    ),
  };
}
