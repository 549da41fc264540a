/** ③: asked once more, then told to staff, and it can be taken back until they act (R28). */
import type { LinkView } from '../../usecases/open-link.js';
import { Heading, Say } from './layout.js';
import type { Page } from './layout.js';
import { Button, ErrorList, Facts, Form, HelpSection } from './parts.js';

const WISH = 'wish-to-stop';

export function stopPage(view: LinkView, { chosenNone }: { chosenNone: boolean }): Page {
  const title = 'NET119を、やめますか';
  return {
    status: chosenNone ? 422 : 200,
    title,
    hqName: view.hq.displayName,
    body: (
      <>
        <ErrorList
          errors={
            chosenNone ? [{ field: WISH, text: 'やめるか、やめないか、どちらかを押してください。' }] : []
          }
        />
        <Heading text={title} />
        <Say
          class="large"
          text="NET119をやめると、スマートフォンのNET119で119番に通報できなくなります。やめますか。"
        />
        <Form to="/stop">
          <Button
            id={WISH}
            text="はい、やめたい"
            more="（消防本部に知らせます）"
            name="answer"
            value="stop"
            second
          />
          <Button text="いいえ、やめない" more="（これからも使います）" name="answer" value="keep" />
        </Form>
        <HelpSection view={view} />
      </>
    ),
  };
}

/** On any link of the cycle, for as long as the wish stands. */
export function stopToldPage(view: LinkView): Page {
  const title = '消防本部に伝えました';
  return {
    status: 200,
    title,
    hqName: view.hq.displayName,
    body: (
      <>
        <Heading text={title} good />
        <Say class="large" text="まだ、やめていません。確認のあとで、手続きします。" />
        <Say text="手続きが終わるまで、NET119で119番に通報できます。" />
        <Facts view={view} dateLabel="期限" />
        <Say text="やっぱりNET119を使いたい人は、下のボタンを押してください。" />
        <Form to="/stop">
          <Button text="やっぱり使います" name="answer" value="keep" />
        </Form>
        <HelpSection view={view} />
      </>
    ),
  };
}
