/** What a form of ours sends, read leniently: what people type on a phone is mended where it can only mean one thing. */
import type { Request } from 'express';
import { CHANGE_ITEMS, REACH_BY } from '../../store/requests.js';
import { CHOICES } from './answer-page.js';
import type { AnswerChoice } from './answer-page.js';
import type { ChangeForm } from './change-pages.js';

/** Control characters but line ends, and marks that turn text around: they would forge what staff read. */
const HOSTILE = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/gu;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Null without a choice, and when there is more than one: a form submitted as served has none (R26). */
export function readChoice(req: Request): AnswerChoice | null {
  const given = valuesOf(req, 'choice');
  return given.length === 1 ? oneOf(CHOICES, given[0]) : null;
}

/** Which of a form's buttons was pressed; a form submitted as served names none. */
export function readPressed<T extends string>(req: Request, buttons: readonly T[]): T | null {
  const given = valuesOf(req, 'answer');
  return given.length === 1 ? oneOf(buttons, given[0]) : null;
}

export function readChangeForm(req: Request): ChangeForm {
  const text = (name: string) => (valuesOf(req, name)[0] ?? '').replace(/\r\n?/g, '\n').replace(HOSTILE, '');
  const formId = text('formId');
  // Full-width letters and stray spaces come from Japanese keyboards.
  const newMailAddress = text('newMailAddress').normalize('NFKC').replace(/\s/gu, '');
  const ticked = valuesOf(req, 'items');
  return {
    formId: UUID.test(formId) ? formId : '',
    items: CHANGE_ITEMS.filter((item) => ticked.includes(item) || (item === 'MAIL' && newMailAddress !== '')),
    newMailAddress,
    reachBy: oneOf(REACH_BY, valuesOf(req, 'reachBy')[0]),
    message: text('message').trim(),
  };
}

function valuesOf(req: Request, name: string): string[] {
  const value = (req.body as Record<string, unknown> | undefined)?.[name];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}

function oneOf<T extends string>(known: readonly T[], given: string | undefined): T | null {
  return known.find((each) => each === given) ?? null;
}
