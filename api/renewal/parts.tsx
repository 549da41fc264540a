/** Parts that several pages share. */
import type { ComponentChildren, VNode } from 'preact';
import { useContext } from 'preact/hooks';
import type { LinkView } from '../../usecases/open-link.js';
import { expiryText } from './dates.js';
import { Ja } from './furigana.js';
import { Say, Section } from './layout.js';
import { VisitContext, urlOf } from './visit.js';
import type { Place } from './visit.js';

/** R25: the masked name and address, and the date; never the record. */
export function Facts({ view, dateLabel }: { view: LinkView; dateLabel: string }): VNode {
  return (
    <dl>
      <Fact label="名前">{view.maskedName}</Fact>
      <Fact label="メール">{view.maskedAddress}</Fact>
      <Fact label={dateLabel}>
        <Ja text={expiryText(view)} />
      </Fact>
    </dl>
  );
}

/** The masked address alone, for pages that show nothing of the person. */
export function MailFact({ address }: { address: string }): VNode {
  return (
    <dl>
      <Fact label="メール">{address}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>
        <Ja text={label} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Ways to reach people; never one that needs a voice (R28). `letter` for those whom our mail does not reach. */
export function Help({
  hq,
  letter = false,
  mail = true,
}: {
  hq: LinkView['hq'];
  letter?: boolean;
  /** Somebody who holds a letter has no mail to reply to. */
  mail?: boolean;
}): VNode {
  return (
    <ul>
      {letter && (
        <li>
          <Ja text="手紙：消防から届いた手紙のQR" />
        </li>
      )}
      {mail && !letter && (
        <li>
          <Ja text="メール：消防から届いたメールに返信する" />
        </li>
      )}
      <li>
        <Ja text="FAX：" />
        {hq.fax}
      </li>
      <li>
        <Ja text="窓口：" />
        {hq.counter.startsWith(hq.displayName) ? hq.counter : `${hq.displayName} ${hq.counter}`}
      </li>
    </ul>
  );
}

export function HelpSection({ view: { hq, link } }: { view: LinkView }): VNode {
  return (
    <Section title="わからないとき、心配なとき">
      <Help hq={hq} mail={link.by === 'MAIL'} />
    </Section>
  );
}

/** A form that goes to a page of the same link. */
export function Form({ to, children }: { to: Place; children: ComponentChildren }): VNode {
  const visit = useContext(VisitContext);
  return (
    <form method="post" action={urlOf(visit, to)} accept-charset="utf-8">
      {children}
    </form>
  );
}

/** `name` and `value` tell one button from another; a form submitted without pressing one has neither (R26). */
export function Button({
  text,
  more,
  second = false,
  id,
  name,
  value,
}: {
  text: string;
  more?: string;
  second?: boolean;
  id?: string;
  name?: string;
  value?: string;
}): VNode {
  return (
    <button type="submit" class={second ? 'second' : undefined} id={id} name={name} value={value}>
      <Ja text={text} />
      {more !== undefined && (
        <small>
          <Ja text={more} />
        </small>
      )}
    </button>
  );
}

export function Go({ to, text }: { to: Place; text: string }): VNode {
  const visit = useContext(VisitContext);
  return (
    <p>
      <a class="link" href={urlOf(visit, to)}>
        <Ja text={text} />
      </a>
    </p>
  );
}

export function TellChanges(): VNode {
  return (
    <Section title="メールや住所などが変わった人は">
      <Go to="/changes" text="変わったことを知らせる" />
    </Section>
  );
}

/** What was missing or wrong: `field` is the id of the first control it is about. */
export interface FormError {
  field: string;
  text: string;
}

/** On top of the form, each line leading to its field. */
export function ErrorList({ errors }: { errors: readonly FormError[] }): VNode | null {
  if (errors.length === 0) return null;
  return (
    <div class="errors" role="alert">
      <h2>
        <Ja text="もう一度、見てください" />
      </h2>
      <ul>
        {errors.map(({ field, text }) => (
          <li>
            <a class="link" href={`#${field}`}>
              <Ja text={text} />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

export const errorId = (field: string) => `${field}-error`;

/** The same words beside the field. */
export function FieldError({ error }: { error: FormError | undefined }): VNode | null {
  if (!error) return null;
  return (
    <p class="error" id={errorId(error.field)}>
      <Ja text={error.text} />
    </p>
  );
}

/** One answer of a group; all of it is the target. */
export function Choice({
  type,
  name,
  value,
  id,
  checked,
  text,
  more,
}: {
  type: 'radio' | 'checkbox';
  name: string;
  value: string;
  id: string;
  checked: boolean;
  text: string;
  more?: string;
}): VNode {
  return (
    <label class="choice" for={id}>
      <input type={type} name={name} value={value} id={id} checked={checked} />
      <span>
        <Ja text={text} />
        {more !== undefined && (
          <small>
            <Ja text={more} />
          </small>
        )}
      </span>
    </label>
  );
}

/** A word above the page about what was just done; null: nothing was. */
export function Notice({ text }: { text: string | null }): VNode | null {
  return text === null ? null : <Say text={text} class="note" />;
}
