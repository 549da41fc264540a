-- 案内書 (R31): what was printed for whom, and the link on each letter. Expand only: a release without it runs on.

CREATE TABLE letter_batch (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('POST', 'FAX')),
  large boolean NOT NULL,
  ruby boolean NOT NULL,
  key_id text NOT NULL,
  letters integer NOT NULL CHECK (letters > 0),
  printed_at timestamptz NOT NULL,
  printed_by text NOT NULL,
  sent_recorded_at timestamptz,
  voided_at timestamptz,
  PRIMARY KEY (fire_hq_id, id),
  CHECK (sent_recorded_at IS NULL OR voided_at IS NULL)
);
COMMENT ON TABLE letter_batch IS 'R31: letters printed together. The PDF is made anew each time; key_id says which key made the links on it.';
COMMENT ON COLUMN letter_batch.voided_at IS 'Not sent after all: the links on these letters are dead.';
CREATE INDEX letter_batch_list ON letter_batch (fire_hq_id, printed_at DESC, id DESC);

CREATE TABLE letter (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  account_id uuid NOT NULL,
  cycle integer NOT NULL,
  link_hash bytea NOT NULL,
  PRIMARY KEY (fire_hq_id, id),
  UNIQUE (fire_hq_id, batch_id, position),
  FOREIGN KEY (fire_hq_id, batch_id) REFERENCES letter_batch (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, account_id, cycle) REFERENCES renewal_cycle (fire_hq_id, account_id, number)
);
COMMENT ON TABLE letter IS 'R31, R25: one letter to one person, with a link of its own that is bound to person and cycle; only its hash is kept.';
CREATE INDEX letter_account ON letter (fire_hq_id, account_id, cycle);
CREATE UNIQUE INDEX letter_link ON letter (link_hash);

ALTER TABLE letter_batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE letter_batch FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON letter_batch TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON letter_batch TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT ON letter_batch TO net119_app;
GRANT UPDATE (sent_recorded_at, voided_at) ON letter_batch TO net119_app;

ALTER TABLE letter ENABLE ROW LEVEL SECURITY;
ALTER TABLE letter FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON letter TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON letter TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT ON letter TO net119_app;

-- Renewed through the link on a letter: a way that is not mail (R18).
ALTER TABLE renewal_cycle ADD CONSTRAINT renewal_cycle_channel CHECK (renewed_channel IN
  ('link', 'counter', 'fax', 'post', 'proxy', 'mailReply', 'signal', 'paper')) NOT VALID;
ALTER TABLE renewal_cycle DROP CONSTRAINT renewal_cycle_renewed_channel_check;

-- What a person tells on the page of a letter's link came with no mail. A release without this compares the column and
-- shows it nowhere.
ALTER TABLE resident_request ADD COLUMN letter_id uuid;
-- squawk-ignore ban-drop-not-null
ALTER TABLE resident_request ALTER COLUMN reminder_id DROP NOT NULL;
COMMENT ON COLUMN resident_request.letter_id IS 'The letter whose link was used; null where it was the link of a mail (reminder_id).';

-- Looked up before a tenant is known: ids and the cycle, and nothing else.
CREATE POLICY lookup ON letter FOR SELECT TO net119_lookup USING (true);
GRANT SELECT (fire_hq_id, id, account_id, cycle, link_hash) ON letter TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;
CREATE FUNCTION lookup_letter(hash bytea) RETURNS TABLE (fire_hq_id uuid, account_id uuid, letter_id uuid, cycle integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC SELECT l.fire_hq_id, l.account_id, l.id, l.cycle FROM letter l WHERE l.link_hash = hash; END;
ALTER FUNCTION lookup_letter(bytea) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_letter(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_letter(bytea) TO net119_app;
