-- 対応が必要な人 (R30): notes with a next date, who is on it, and what is found quickly. 呼び返しの確認: one person by number,
-- name or mobile number. Expand only: a release without it runs on.

CREATE TABLE worklist_note (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  number integer NOT NULL,
  note text NOT NULL,
  look_again_on date NOT NULL,
  seen_until timestamptz NOT NULL,
  noted_at timestamptz NOT NULL,
  noted_by text NOT NULL,
  undone_at timestamptz,
  undone_by text,
  PRIMARY KEY (fire_hq_id, id),
  UNIQUE (fire_hq_id, account_id, number),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id)
);
COMMENT ON TABLE worklist_note IS '対応の記録 (R30): what staff did about a person of the worklist, and when to look again. Undone ones stay.';
COMMENT ON COLUMN worklist_note.number IS 'Rising for one person: two of the same instant have an order.';
COMMENT ON COLUMN worklist_note.look_again_on IS 'A day in Japan. Until then only what is newer than seen_until brings the person back.';
COMMENT ON COLUMN worklist_note.seen_until IS 'When the page was shown on which it was written: what came later nobody had seen.';

CREATE TABLE worklist_mark (
  fire_hq_id uuid NOT NULL,
  account_id uuid NOT NULL,
  note_id uuid,
  seen_until timestamptz,
  look_again_on date,
  taken_by uuid,
  taken_at timestamptz,
  version integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (fire_hq_id, account_id),
  CHECK ((note_id IS NULL) = (seen_until IS NULL) AND (note_id IS NULL) = (look_again_on IS NULL)),
  CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, note_id) REFERENCES worklist_note (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, taken_by) REFERENCES staff (fire_hq_id, id)
);
COMMENT ON TABLE worklist_mark IS 'One row a person: the note that counts (the newest not undone), and who is on it. version: for two clerks at once.';
CREATE INDEX worklist_mark_date ON worklist_mark (fire_hq_id, look_again_on) WHERE look_again_on IS NOT NULL;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['worklist_note', 'worklist_mark']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY owner_all ON %I TO net119_owner USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I TO net119_app USING (fire_hq_id = current_fire_hq()) '
      || 'WITH CHECK (fire_hq_id = current_fire_hq())', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (undone_at, undone_by) ON worklist_note TO net119_app;
GRANT SELECT, INSERT, UPDATE ON worklist_mark TO net119_app;

-- What the worklist gathers is rare among all rows, so each reason has an index of its own rows alone. Not CONCURRENTLY,
-- which no transaction may hold: writes wait some seconds for ten million rows, and senders wait longer.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX mail_address_in_doubt ON mail_address (fire_hq_id, account_id)
  WHERE role = 'PRESENT' AND (state IN ('SUSPECT', 'UNDELIVERABLE') OR last_failed_at > coalesce(last_proven_at, '-infinity'));
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX resident_request_open ON resident_request (fire_hq_id, account_id, created_at) WHERE state = 'OPEN';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_given_up ON reminder (fire_hq_id, account_id, cycle) WHERE outcome = 'FAILED';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_bounced ON reminder (fire_hq_id, bounced_at DESC) WHERE outcome = 'BOUNCED';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX renewal_cycle_auto_stopped ON renewal_cycle (fire_hq_id, account_id)
  WHERE renewed_at IS NULL AND auto_stop_recorded_at IS NOT NULL;

-- A person view (R34) is told once in each ten minutes and pair of viewer and person, also when two pages ask at once.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX audit_event_viewed ON audit_event
  (fire_hq_id, account_id, actor, date_bin('10 minutes', at, '2000-01-01 00:00:00+00'))
  WHERE action = 'account.viewed';

-- What a search compares: NFKC, hiragana for katakana, no spaces, digits alone; usecases/search-keys.ts and domain/sought.ts say the same.
-- Columns of their own, because an expression cannot use its index under row level security. Stored, so the table is written
-- anew under a lock, which for a million people takes seconds.
ALTER TABLE account
  -- squawk-ignore adding-field-with-default
  ADD COLUMN name_key text COLLATE "C" GENERATED ALWAYS AS (lower(replace(normalize(name, NFKC), ' ', '') COLLATE "C")) STORED,
  -- squawk-ignore adding-field-with-default
  ADD COLUMN kana_key text COLLATE "C" GENERATED ALWAYS AS (translate(replace(normalize(kana, NFKC), ' ', ''),
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ',
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ')) STORED,
  -- squawk-ignore adding-field-with-default
  ADD COLUMN mobile_digits text COLLATE "C" GENERATED ALWAYS AS
    (regexp_replace(regexp_replace(normalize(mobile_number, NFKC), '^ *[+]81', '0'), '[^0-9]', '', 'g')) STORED;
COMMENT ON COLUMN account.name_key IS 'The name as a search compares it.';
COMMENT ON COLUMN account.kana_key IS 'The kana as a search compares it: hiragana without spaces.';
COMMENT ON COLUMN account.mobile_digits IS 'The mobile number as a search compares it: digits, +81 as 0.';

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_name_key ON account (fire_hq_id, name_key, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_kana_key ON account (fire_hq_id, kana_key, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_mobile_digits ON account (fire_hq_id, mobile_digits, id) WHERE mobile_digits IS NOT NULL;
-- Over all headquarters.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_mobile_lookup ON account (mobile_digits) WHERE mobile_digits IS NOT NULL;

-- A caller on a trip: whose mobile number it is, over all headquarters, for a console of the vendor. The whole number
-- only; ids, and nothing that names a person.
CREATE POLICY lookup ON account FOR SELECT TO net119_lookup USING (mobile_digits IS NOT NULL);
GRANT SELECT (fire_hq_id, id, mobile_digits, withdrawn_at) ON account TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;
CREATE FUNCTION lookup_mobile_number(wanted text[])
  RETURNS TABLE (fire_hq_id uuid, account_id uuid, withdrawn boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT a.fire_hq_id, a.id, a.withdrawn_at IS NOT NULL FROM account a
    WHERE a.mobile_digits = ANY (wanted) AND length(a.mobile_digits) >= 10
    ORDER BY a.withdrawn_at IS NOT NULL, a.fire_hq_id, a.id LIMIT 3;
  END;
COMMENT ON FUNCTION lookup_mobile_number(text[]) IS 'R17: at most three, so that nobody can list people by it.';
ALTER FUNCTION lookup_mobile_number(text[]) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_mobile_number(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_mobile_number(text[]) TO net119_app;
