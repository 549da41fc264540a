-- R10 利用者の取り込み: what an older system knew, the staging of a file, and looks that let people go before. Expand only.

ALTER TABLE mail_address
  ADD COLUMN prior_outcome text,
  ADD COLUMN prior_at timestamptz;
-- No row has a value yet: validated at once, in one quick read.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE mail_address ADD CONSTRAINT mail_address_prior CHECK ((prior_outcome IS NULL) = (prior_at IS NULL)
  AND (prior_outcome IS NULL OR prior_outcome IN ('ACCEPTED', 'PROVEN', 'FAILED', 'UNDELIVERABLE')));
COMMENT ON COLUMN mail_address.prior_outcome IS 'R10, R37: what an older system saw of its last mail to this address; evidence like that of our own mails.';

ALTER TABLE renewal_cycle ADD COLUMN prior_cause text;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE renewal_cycle ADD CONSTRAINT renewal_cycle_prior CHECK (prior_cause IS NULL OR prior_cause IN ('NO_RESPONSE', 'NOT_SENT'));
COMMENT ON COLUMN renewal_cycle.prior_cause IS 'R10, R16: why the person had lapsed in an older system, where our own ledger of the cycle says nothing.';

ALTER TABLE signal_outbox ADD COLUMN rank integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN signal_outbox.rank IS '0: somebody did something. 1: one of many that nobody waits for, delivered after all of those.';
-- Not CONCURRENTLY, which no transaction may hold; the outbox is as good as empty at any time.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX signal_outbox_next ON signal_outbox (rank, next_attempt_at, id) WHERE parked_at IS NULL;

CREATE TABLE import_run (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('READING', 'REFUSED', 'READY', 'RUNNING', 'DONE', 'ENDED')),
  file_name text NOT NULL,
  headers text[] NOT NULL,
  unknown_columns text[] NOT NULL,
  refusal jsonb,
  check_mail boolean NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  started_at timestamptz,
  started_by text,
  ended_at timestamptz,
  ended_by text,
  rows_forgotten_at timestamptz,
  counts jsonb NOT NULL,
  PRIMARY KEY (fire_hq_id, id)
);
COMMENT ON TABLE import_run IS '利用者の取り込み: one uploaded file, from its dry run to its end. Without data of anybody.';
COMMENT ON COLUMN import_run.state IS 'READING: being read. REFUSED: no such file can be taken. READY: dry run done. RUNNING, DONE. ENDED: given up by somebody; what was taken over stays.';
COMMENT ON COLUMN import_run.counts IS 'How many rows of each kind and result.';
CREATE INDEX import_run_newest ON import_run (fire_hq_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX import_run_one_running ON import_run (fire_hq_id) WHERE state = 'RUNNING';

CREATE TABLE import_row (
  fire_hq_id uuid NOT NULL,
  run_id uuid NOT NULL,
  line integer NOT NULL CHECK (line > 0),
  kind text NOT NULL CHECK (kind IN ('ADD', 'CHANGE', 'SAME', 'FAULT')),
  registration_number text COLLATE "C",
  name text,
  cells text[] NOT NULL,
  input jsonb,
  account_id uuid,
  version integer,
  changes jsonb NOT NULL,
  faults jsonb NOT NULL,
  notes jsonb NOT NULL,
  next_mail_on date,
  result text CHECK (result IN ('DONE', 'CONFLICT', 'FAILED')),
  PRIMARY KEY (fire_hq_id, run_id, line),
  FOREIGN KEY (fire_hq_id, run_id) REFERENCES import_run (fire_hq_id, id)
);
COMMENT ON TABLE import_row IS 'Rows of an uploaded file, as they were and what is to become of each. Forgotten a week after the end.';
COMMENT ON COLUMN import_row.version IS 'The account''s version at the dry run: who edits it in between wins.';
COMMENT ON COLUMN import_row.result IS 'Null: not yet done. Set in the transaction that did it.';
CREATE INDEX import_row_kind ON import_row (fire_hq_id, run_id, kind, line);
CREATE INDEX import_row_number ON import_row (fire_hq_id, run_id, registration_number);
CREATE INDEX import_row_waiting ON import_row (fire_hq_id, run_id, line) WHERE result IS NULL AND kind IN ('ADD', 'CHANGE');

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['import_run', 'import_row']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY owner_all ON %I TO net119_owner USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I TO net119_app USING (fire_hq_id = current_fire_hq()) '
      || 'WITH CHECK (fire_hq_id = current_fire_hq())', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON import_run TO net119_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON import_row TO net119_app;

-- Asked by every API process over all tenants: which runs are to be gone on with. Ids only.
CREATE POLICY lookup ON import_run FOR SELECT TO net119_lookup USING (state = 'RUNNING');
GRANT SELECT (fire_hq_id, id, state) ON import_run TO net119_lookup;
CREATE INDEX import_run_running ON import_run (id) WHERE state = 'RUNNING';
GRANT CREATE ON SCHEMA public TO net119_lookup;
CREATE FUNCTION lookup_running_imports() RETURNS TABLE (fire_hq_id uuid, run_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC SELECT r.fire_hq_id, r.id FROM import_run r WHERE r.state = 'RUNNING'; END;
ALTER FUNCTION lookup_running_imports() OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_running_imports() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_running_imports() TO net119_app;
