/** Fields of forms: a label each, a hint, and the fault beside the field it is about. */
import { randomUUID } from 'node:crypto';
import type { ComponentChildren, VNode } from 'preact';
import type { FieldFault } from '../../../usecases/errors.js';
import { faultText, fieldWord } from './fault-words.js';

export type Faults = readonly FieldFault[];

interface Common {
  name: string;
  label: string;
  hint?: string;
  faults?: Faults;
  /** Says 「必須」. */
  required?: boolean;
}

interface TextProps extends Common {
  value: string;
  type?: 'text' | 'search' | 'email' | 'tel' | 'date' | 'number' | 'password' | 'time';
  autocomplete?: string;
  inputmode?: 'numeric' | 'email' | 'tel';
  maxlength?: number;
  /** Width in letters; the field is never wider than its box. */
  size?: number;
}

export function TextField(props: TextProps): VNode {
  const { name, value, type = 'text', autocomplete = 'off', required = false } = props;
  return (
    <Field {...props}>
      <input
        id={name}
        name={name}
        {...({ type } as object)}
        value={value}
        autocomplete={autocomplete}
        inputmode={props.inputmode}
        maxlength={props.maxlength}
        size={props.size}
        aria-required={required || undefined}
        {...described(props)}
      />
    </Field>
  );
}

export function TextArea(props: Common & { value: string; rows?: number; maxlength?: number }): VNode {
  const { name, value, rows = 3, required = false } = props;
  return (
    <Field {...props}>
      <textarea
        id={name}
        name={name}
        rows={rows}
        maxlength={props.maxlength}
        aria-required={required || undefined}
        {...described(props)}
      >
        {value}
      </textarea>
    </Field>
  );
}

export type Option = readonly [value: string, word: string];

export function Select(props: Common & { value: string; options: readonly Option[] }): VNode {
  const { name, value, options } = props;
  return (
    <Field {...props}>
      <select id={name} name={name} {...described(props)}>
        {options.map(([each, word]) => (
          <option value={each} selected={each === value}>
            {word}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** Radio buttons; none is chosen unless `value` says so. */
export function Choices(props: Common & { value: string; options: readonly Option[] }): VNode {
  const { name, label, hint, value, options, required = false } = props;
  const fault = faultOf(props);
  return (
    <fieldset id={name} aria-describedby={described(props)['aria-describedby']} class={fault ? 'faulty' : ''}>
      <legend>
        {label}
        {required && <Must />}
      </legend>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {fault !== null && (
        <p class="fault" id={`${name}-fault`}>
          {faultText(fault)}
        </p>
      )}
      {options.map(([each, word]) => (
        <label>
          <input type="radio" name={name} value={each} checked={each === value} /> {word}
        </label>
      ))}
    </fieldset>
  );
}

/** One box to tick; sends `yes`. */
export function Tick({
  name,
  label,
  checked = false,
}: {
  name: string;
  label: ComponentChildren;
  checked?: boolean;
}): VNode {
  return (
    <p class="field">
      <label>
        <input type="checkbox" name={name} value="yes" checked={checked} /> {label}
      </label>
    </p>
  );
}

/** Marks the form, so that sending it twice has one effect (`once` in its shape). */
export function Once(): VNode {
  return <input type="hidden" name="key" value={randomUUID()} />;
}

/** On top of a form that was not taken: every fault, each a link to its field. */
export function FaultList({ faults }: { faults: Faults }): VNode | null {
  if (faults.length === 0) return null;
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>まだ保存していません。直すところが{faults.length}つあります。</strong>
      </p>
      <ul>
        {faults.map((fault) => (
          <li>
            <a href={`#${fault.field}`}>
              {fieldWord(fault.field)}：{faultText(fault)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Field({ children, ...props }: Common & { children: ComponentChildren }): VNode {
  const { name, label, hint, required = false } = props;
  const fault = faultOf(props);
  return (
    <div class={fault === null ? 'field' : 'field faulty'}>
      <label for={name}>
        {label}
        {required && <Must />}
      </label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {fault !== null && (
        <p class="fault" id={`${name}-fault`}>
          {faultText(fault)}
        </p>
      )}
      {children}
    </div>
  );
}

function Must(): VNode {
  return <span class="must">必須</span>;
}

function faultOf({ name, faults = [] }: Common): FieldFault | null {
  return faults.find(({ field }) => field === name) ?? null;
}

function described(props: Common): {
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
} {
  const { name, hint } = props;
  const fault = faultOf(props);
  const ids = [...(hint === undefined ? [] : [`${name}-hint`]), ...(fault === null ? [] : [`${name}-fault`])];
  return {
    'aria-describedby': ids.length === 0 ? undefined : ids.join(' '),
    'aria-invalid': fault === null ? undefined : 'true',
  };
}
