/** Filters of a list: they stand in the address, so that a colleague may be sent it; never a name or a mail address. */
import type { VNode } from 'preact';
import { LAPSE_CAUSES } from '../../../domain/lapse.js';
import type { PeopleFilter } from '../../../usecases/people-filter.js';
import { ADDRESS_FILTERS } from '../../../usecases/people-filter.js';
import { Select, TextField } from '../shell/fields.js';
import type { Option } from '../shell/fields.js';
import { FilterForm } from '../shell/layout.js';
import { PLACES } from '../shell/places.js';
import { CAUSE_WORDS } from '../shell/words.js';
import type { ListName } from './words.js';
import { ADDRESS_FILTER_WORDS, LIST_WORDS } from './words.js';

type FilterField = 'cause' | 'from' | 'to' | 'domain' | 'address' | 'municipality';
export type SaidFilter = Partial<Record<FilterField, unknown>>;

const FIELD_WORDS: Readonly<Record<FilterField, string>> = {
  cause: '失効の原因',
  from: '日数（から）',
  to: '日数（まで）',
  domain: 'メールの＠より後ろ',
  address: 'メールの状態',
  municipality: '市町村',
};

const MOST_DAYS = 4;

/** What was said, as far as it makes sense; `unread` names the fields that did not, so that nobody takes all for some. */
export function readFilter(list: ListName, said: SaidFilter): { filter: PeopleFilter; unread: string[] } {
  const unread: string[] = [];
  const read = <T,>(field: FilterField, parse: (text: string) => T | undefined): T | undefined => {
    const value = said[field];
    const text = typeof value === 'string' ? value.normalize('NFKC').trim() : '';
    if (text === '') return undefined;
    const parsed = parse(text);
    if (parsed === undefined) unread.push(FIELD_WORDS[field]);
    return parsed;
  };
  const days = (text: string) => (/^\d+$/.test(text) && text.length <= MOST_DAYS ? Number(text) : undefined);
  const filter: PeopleFilter = { list };
  const cause = list === 'lapsed' ? read('cause', oneOf(LAPSE_CAUSES)) : undefined;
  const [daysFrom, daysTo] = [read('from', days), read('to', days)];
  const mailDomain = read('domain', domainOf);
  const address = read('address', oneOf(ADDRESS_FILTERS));
  const municipality = read('municipality', (text) =>
    text.length <= 100 && !/\p{Cc}/u.test(text) ? text : undefined,
  );
  return {
    filter: {
      ...filter,
      ...(cause !== undefined && { cause }),
      ...(daysFrom !== undefined && { daysFrom }),
      ...(daysTo !== undefined && { daysTo }),
      ...(mailDomain !== undefined && { mailDomain }),
      ...(address !== undefined && { address }),
      ...(municipality !== undefined && { municipality }),
    },
    unread,
  };
}

function oneOf<const T extends readonly string[]>(words: T): (text: string) => T[number] | undefined {
  return (text) => words.find((word) => word === text);
}

/** With or without the @ before it; a whole address is none, and stays out of the next address of the page. */
function domainOf(text: string): string | undefined {
  const domain = text.replace(/^@/, '').toLowerCase();
  return /^[a-z0-9.-]{1,253}$/.test(domain) ? domain : undefined;
}

/** The same in the words of the form. */
function filterFields(filter: PeopleFilter): [FilterField, string][] {
  const { cause, daysFrom, daysTo, mailDomain, address, municipality } = filter;
  const all: [FilterField, string | number | undefined][] = [
    ['cause', cause],
    ['from', daysFrom],
    ['to', daysTo],
    ['domain', mailDomain],
    ['address', address],
    ['municipality', municipality],
  ];
  return all.flatMap(([name, value]): [FilterField, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
}

export function HiddenFilter({ filter }: { filter: PeopleFilter }): VNode {
  return (
    <>
      {filterFields(filter).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

export function listPlace(filter: PeopleFilter, cursor: string | null = null): string {
  const query = new URLSearchParams([
    ...filterFields(filter),
    ...(cursor === null ? [] : [['cursor', cursor] as [string, string]]),
  ]).toString();
  return `${PLACES.lists}/${filter.list}${query === '' ? '' : `?${query}`}`;
}

const ANY: Option = ['', 'すべて'];

export function Filters({
  filter,
  municipalities,
}: {
  filter: PeopleFilter;
  municipalities: readonly string[];
}): VNode {
  const { list, cause, daysFrom, daysTo, mailDomain, address, municipality } = filter;
  return (
    <details class="filters" open={filterFields(filter).length > 0}>
      <summary>しぼりこむ</summary>
      <FilterForm to={`${PLACES.lists}/${list}`}>
        {list === 'lapsed' && (
          <Select
            name="cause"
            label={FIELD_WORDS.cause}
            value={cause ?? ''}
            options={[ANY, ...LAPSE_CAUSES.map((each): Option => [each, CAUSE_WORDS[each].word])]}
          />
        )}
        <fieldset>
          <legend>{LIST_WORDS[list].days}</legend>
          <p class="span">
            <label>
              <input type="number" name="from" min="0" max="9999" value={daysFrom} /> 日以上
            </label>
            <label>
              <input type="number" name="to" min="0" max="9999" value={daysTo} /> 日以下
            </label>
          </p>
        </fieldset>
        <TextField
          name="domain"
          label={FIELD_WORDS.domain}
          hint="例：docomo.ne.jp（アドレス全部は入れないでください）"
          value={mailDomain ?? ''}
          size={24}
        />
        <Select
          name="address"
          label={FIELD_WORDS.address}
          value={address ?? ''}
          options={[ANY, ...ADDRESS_FILTERS.map((each): Option => [each, ADDRESS_FILTER_WORDS[each]])]}
        />
        {municipalities.length > 0 && (
          <Select
            name="municipality"
            label={FIELD_WORDS.municipality}
            value={municipality ?? ''}
            options={[ANY, ...municipalities.map((each): Option => [each, each])]}
          />
        )}
        <p class="actions">
          <button type="submit">この条件で出す</button>
          {filterFields(filter).length > 0 && <a href={`${PLACES.lists}/${list}`}>条件をはずす</a>}
        </p>
      </FilterForm>
    </details>
  );
}
