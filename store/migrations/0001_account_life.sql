-- The spine: tenants, accounts, cycles, the ledger of mails, audit, outbox. Forward only.
-- Every table of a tenant carries fire_hq_id and has row level security ENABLED and FORCED. The tenant of a transaction
-- is set with set_config('app.fire_hq_id', <uuid>, true); a pooled connection holds '' after its first transaction,
-- hence nullif. Instants that rules use are given by the caller's clock: no DEFAULT now().

-- Group roles. Logins are made outside and are members: the app's of net119_app, the migrating one of net119_owner.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'net119_app') THEN CREATE ROLE net119_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'net119_owner') THEN CREATE ROLE net119_owner NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'net119_lookup') THEN CREATE ROLE net119_lookup NOLOGIN; END IF;
  EXECUTE format('GRANT net119_owner, net119_lookup TO %I', current_user);
END $$;

CREATE FUNCTION current_fire_hq() RETURNS uuid LANGUAGE sql STABLE
  RETURN nullif(current_setting('app.fire_hq_id', true), '')::uuid;
COMMENT ON FUNCTION current_fire_hq() IS 'The tenant of this transaction; null = none, and then no row is seen.';

CREATE FUNCTION epoch_ms(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN (extract(epoch FROM at) * 1000)::bigint;
COMMENT ON FUNCTION epoch_ms(timestamptz) IS 'Instant as epoch milliseconds, for rows that travel as JSON.';

CREATE TABLE fire_hq (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,30}$'),
  display_name text NOT NULL,
  short_name text NOT NULL,
  reply_to text NOT NULL,
  fax text NOT NULL,
  counter text NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE fire_hq IS '消防本部, the tenant: names and lines that its mails show.';

CREATE TABLE policy_version (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  version integer NOT NULL CHECK (version > 0),
  basis text NOT NULL CHECK (basis IN ('date', 'time')),
  document jsonb NOT NULL,
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (fire_hq_id, version)
);
COMMENT ON TABLE policy_version IS 'R13: the HQ''s policies, never changed; the highest version is in force from its created_at on.';

CREATE TABLE account (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  id uuid NOT NULL,
  registration_number text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  kana text COLLATE "C" NOT NULL,
  mobile_number text COLLATE "C",
  fax text,
  postal_address text,
  municipality text,
  emergency_contacts jsonb NOT NULL,
  registered_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  withdrawal_reason text,
  hold_until timestamptz,
  hold_reason text,
  mail_unconfirmed_since timestamptz,
  last_activity_at timestamptz,
  version integer NOT NULL CHECK (version > 0),
  PRIMARY KEY (fire_hq_id, id),
  UNIQUE (fire_hq_id, registration_number)
);
COMMENT ON TABLE account IS '利用者. version counts staff-editable data only (If-Match).';
COMMENT ON COLUMN account.mail_unconfirmed_since IS 'R18 更新済み・メール未確認: renewed by a way that proves nothing about mail, until a mailed link or a reply is used.';
COMMENT ON COLUMN account.hold_until IS 'R36 保留: automatic mail rests until then; the lapse runs on.';
CREATE INDEX account_withdrawn ON account (fire_hq_id, withdrawn_at, id) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX account_name ON account (fire_hq_id, name, id);
CREATE INDEX account_kana ON account (fire_hq_id, kana, id);
CREATE INDEX account_mobile ON account (fire_hq_id, mobile_number, id) WHERE mobile_number IS NOT NULL;

CREATE TABLE mail_address (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('PENDING', 'PRESENT', 'FORMER')),
  address text NOT NULL,
  address_key text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('UNVERIFIED', 'OK', 'SUSPECT', 'UNDELIVERABLE')),
  failures integer NOT NULL,
  last_proven_at timestamptz,
  last_failed_at timestamptz,
  last_failed_reminder_id uuid,
  replied_at timestamptz,
  replaced_another boolean NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id)
);
COMMENT ON TABLE mail_address IS 'R19, R37: the addresses of an account and what the mails sent to each have shown.';
COMMENT ON COLUMN mail_address.state IS 'The fold of R37 over the ledger, kept for lists; recomputed with every piece of evidence.';
COMMENT ON COLUMN mail_address.replied_at IS 'Last reply noted by staff (channel mailReply): a proof that belongs to no single mail.';
CREATE UNIQUE INDEX mail_address_one_present ON mail_address (fire_hq_id, account_id) WHERE role = 'PRESENT';
CREATE INDEX mail_address_account ON mail_address (fire_hq_id, account_id, created_at);
CREATE INDEX mail_address_key ON mail_address (fire_hq_id, address_key, account_id) WHERE role = 'PRESENT';

CREATE TABLE renewal_cycle (
  fire_hq_id uuid NOT NULL,
  account_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  policy_version integer NOT NULL,
  expires_on date,
  expires_at timestamptz NOT NULL,
  window_opens_at timestamptz NOT NULL,
  auto_stops_at timestamptz NOT NULL,
  slots_after timestamptz,
  opened_at timestamptz NOT NULL,
  lapse_recorded_at timestamptz,
  lapse_cause text CHECK (lapse_cause IN ('UNDELIVERABLE', 'NO_RESPONSE', 'NOT_SENT', 'UNKNOWN')),
  auto_stop_recorded_at timestamptz,
  renewed_at timestamptz,
  renewed_channel text CHECK (renewed_channel IN ('link', 'counter', 'fax', 'post', 'proxy', 'mailReply', 'signal')),
  renewed_by text,
  renewal_note text,
  renewal_evidence text,
  PRIMARY KEY (fire_hq_id, account_id, number),
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, policy_version) REFERENCES policy_version (fire_hq_id, version)
);
COMMENT ON TABLE renewal_cycle IS '更新期間: D, E, window and stop as they were fixed when the cycle began (R13) or was corrected (R39). renewed_at null = the open one.';
COMMENT ON COLUMN renewal_cycle.slots_after IS 'R10, R13, R15: slots at or before this instant are skipped.';
COMMENT ON COLUMN renewal_cycle.renewed_at IS 'R7: when the request arrived, not when it was committed.';
CREATE UNIQUE INDEX renewal_cycle_one_open ON renewal_cycle (fire_hq_id, account_id) WHERE renewed_at IS NULL;
CREATE INDEX renewal_cycle_open_by_expiry ON renewal_cycle (fire_hq_id, expires_at, account_id) WHERE renewed_at IS NULL;

CREATE TABLE reminder (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  cycle integer NOT NULL,
  address_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('REMINDER', 'RECEIPT', 'REQUEST_RECEIPT', 'CHECK', 'ADDRESS_NOTICE')),
  kind text CHECK (kind IN ('AUTOMATIC', 'MANUAL', 'CATCH_UP')),
  slot text,
  dedupe_key text COLLATE "C" NOT NULL,
  key_id text,
  link_hash bytea,
  return_path_hash bytea,
  message_id text,
  created_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  due_at timestamptz NOT NULL,
  next_attempt_at timestamptz,
  give_up_at timestamptz,
  claim_token uuid,
  lease_until timestamptz,
  attempts integer NOT NULL,
  outcome text NOT NULL CHECK (outcome IN
    ('QUEUED', 'SENDING', 'ACCEPTED', 'CONFIRMED', 'DELAYED', 'BOUNCED', 'FAILED', 'SKIPPED', 'SUPERSEDED')),
  reason text,
  accepted_at timestamptz,
  bounced_at timestamptz,
  conclusive boolean NOT NULL,
  proven_at timestamptz,
  PRIMARY KEY (fire_hq_id, id),
  UNIQUE (fire_hq_id, account_id, dedupe_key),
  CHECK ((purpose = 'REMINDER') = (kind IS NOT NULL)),
  FOREIGN KEY (fire_hq_id, account_id, cycle) REFERENCES renewal_cycle (fire_hq_id, account_id, number),
  FOREIGN KEY (fire_hq_id, address_id) REFERENCES mail_address (fire_hq_id, id)
);
COMMENT ON TABLE reminder IS 'The ledger of every mail (R20, R23): written before anything is sent. It is also the queue.';
COMMENT ON COLUMN reminder.dedupe_key IS 'auto:<cycle>:<slot> | manual:<requestId> | receipt:<cycle> | request-receipt:<id> | address:<addressId> | retry:<reminderId> | link:<cycle>:<date>';
COMMENT ON COLUMN reminder.lease_until IS 'SENDING: nobody else may send before this instant; afterwards the row may be taken over (R21).';
COMMENT ON COLUMN reminder.conclusive IS 'BOUNCED about this recipient, so it counts in R37.';
COMMENT ON COLUMN reminder.proven_at IS 'The mail''s own link was used.';
CREATE INDEX reminder_account ON reminder (fire_hq_id, account_id, created_at DESC, id DESC);
CREATE INDEX reminder_address ON reminder (fire_hq_id, address_id);
CREATE INDEX reminder_waiting ON reminder (fire_hq_id, due_at) WHERE outcome IN ('QUEUED', 'SENDING', 'DELAYED');
CREATE UNIQUE INDEX reminder_link ON reminder (link_hash) WHERE link_hash IS NOT NULL;

CREATE TABLE reminder_attempt (
  fire_hq_id uuid NOT NULL,
  reminder_id uuid NOT NULL,
  claim_token uuid NOT NULL,
  at timestamptz NOT NULL,
  verdict text NOT NULL,
  code integer,
  enhanced text,
  reply text,
  PRIMARY KEY (fire_hq_id, reminder_id, claim_token),
  FOREIGN KEY (fire_hq_id, reminder_id) REFERENCES reminder (fire_hq_id, id)
);
COMMENT ON TABLE reminder_attempt IS 'Every SMTP try and its reply (R23); one per claim, so a late reply of a woken sender has its own row.';

CREATE TABLE resident_request (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  cycle integer NOT NULL,
  reminder_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('CHANGE', 'STOP')),
  state text NOT NULL CHECK (state IN ('OPEN', 'TAKEN_BACK', 'DONE', 'DECLINED')),
  items text[] NOT NULL,
  new_mail_address text,
  reach_by text CHECK (reach_by IN ('MAIL', 'FAX', 'POST')),
  message text,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by text,
  staff_note text,
  version integer NOT NULL,
  PRIMARY KEY (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id)
);
COMMENT ON TABLE resident_request IS 'R28 本人からの連絡: changes and wishes to stop, told on the page of a link. An OPEN STOP holds automatic mail.';
CREATE INDEX resident_request_account ON resident_request (fire_hq_id, account_id, created_at);
CREATE INDEX resident_request_list ON resident_request (fire_hq_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX resident_request_one_open_stop ON resident_request (fire_hq_id, account_id) WHERE kind = 'STOP' AND state = 'OPEN';

CREATE TABLE contact_record (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('FAX_SENT', 'ANSWERED', 'POST_SENT', 'POST_RETURNED', 'COUNTER_PERSON', 'COUNTER_FAMILY', 'NO_ANSWER', 'MAIL_REPLY')),
  said text CHECK (said IN ('SAME', 'CHANGED', 'NOT_USED', 'DECEASED')),
  note text,
  at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id)
);
COMMENT ON TABLE contact_record IS 'R32: what staff did by FAX, post or at the counter, and what was said.';
CREATE INDEX contact_record_account ON contact_record (fire_hq_id, account_id, at DESC);

CREATE TABLE mail_stop (
  id uuid PRIMARY KEY,
  fire_hq_id uuid REFERENCES fire_hq (id),
  mail_domain text COLLATE "C",
  reason text NOT NULL,
  until timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by text
);
COMMENT ON TABLE mail_stop IS 'R36 自動送信の停止: of one HQ, or of all (fire_hq_id null); of all mail, or of one mail domain.';
CREATE INDEX mail_stop_active ON mail_stop (fire_hq_id) WHERE ended_at IS NULL;

CREATE TABLE signal_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fire_hq_id uuid NOT NULL,
  account_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  parked_at timestamptz
);
COMMENT ON TABLE signal_outbox IS 'Accounts whose workflow must look again; ids only. Rows are removed when delivered, parked when poisoned.';
CREATE INDEX signal_outbox_due ON signal_outbox (next_attempt_at, id) WHERE parked_at IS NULL;

CREATE TABLE audit_event (
  fire_hq_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  account_id uuid,
  before jsonb,
  after jsonb,
  PRIMARY KEY (fire_hq_id, id)
);
COMMENT ON TABLE audit_event IS 'R34 操作履歴: append-only; who (actor: token:<id> | resident | system | signal | operator), what, when, before and after.';
CREATE INDEX audit_event_account ON audit_event (fire_hq_id, account_id, id DESC) WHERE account_id IS NOT NULL;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE api_token (
  id uuid PRIMARY KEY,
  fire_hq_id uuid REFERENCES fire_hq (id),
  token_hash bytea NOT NULL UNIQUE,
  label text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz
);
COMMENT ON TABLE api_token IS 'Bearer tokens, hash only; fire_hq_id null = the vendor''s.';

CREATE TABLE idempotency_key (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  key text COLLATE "C" NOT NULL,
  request_hash bytea NOT NULL,
  result jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (fire_hq_id, key)
);
COMMENT ON TABLE idempotency_key IS 'Idempotency-Key of POSTs, kept 24 h, with the result that a repeat gets.';
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- Row level security. The same three policies for every tenant table: the app within its tenant, the owner for
-- migrations (FORCE binds the owner too, and a backfill must touch rows), nobody else.
DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['policy_version', 'account', 'mail_address', 'renewal_cycle', 'reminder',
    'reminder_attempt', 'resident_request', 'contact_record', 'mail_stop', 'signal_outbox', 'audit_event', 'api_token',
    'idempotency_key', 'fire_hq']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY owner_all ON %I TO net119_owner USING (true) WITH CHECK (true)', tenant_table);
    IF tenant_table NOT IN ('fire_hq', 'mail_stop', 'signal_outbox') THEN
      EXECUTE format('CREATE POLICY tenant ON %I TO net119_app USING (fire_hq_id = current_fire_hq()) '
        || 'WITH CHECK (fire_hq_id = current_fire_hq())', tenant_table);
    END IF;
  END LOOP;
END $$;
CREATE POLICY tenant ON fire_hq TO net119_app USING (id = current_fire_hq()) WITH CHECK (id = current_fire_hq());
-- A stop of all headquarters binds every tenant, so every tenant reads it; only the owner writes it.
CREATE POLICY tenant_read ON mail_stop FOR SELECT TO net119_app USING (fire_hq_id = current_fire_hq() OR fire_hq_id IS NULL);
CREATE POLICY tenant_insert ON mail_stop FOR INSERT TO net119_app WITH CHECK (fire_hq_id = current_fire_hq());
CREATE POLICY tenant_update ON mail_stop FOR UPDATE TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
-- The relay serves all tenants from one queue of ids.
CREATE POLICY relay ON signal_outbox TO net119_app USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA public TO net119_app, net119_lookup;
GRANT SELECT, INSERT, UPDATE ON fire_hq, account, mail_address, renewal_cycle, reminder, resident_request, mail_stop TO net119_app;
GRANT SELECT, INSERT ON policy_version, reminder_attempt, contact_record, audit_event TO net119_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON signal_outbox, idempotency_key TO net119_app;
GRANT SELECT, INSERT, UPDATE ON api_token TO net119_app;
GRANT EXECUTE ON FUNCTION current_fire_hq(), epoch_ms(timestamptz) TO net119_app;

-- Looked up before a tenant is known: functions of a role that may read these columns and nothing else, returning ids.
CREATE POLICY lookup ON reminder FOR SELECT TO net119_lookup USING (link_hash IS NOT NULL);
CREATE POLICY lookup ON api_token FOR SELECT TO net119_lookup USING (true);
CREATE POLICY lookup ON fire_hq FOR SELECT TO net119_lookup USING (true);
GRANT SELECT (fire_hq_id, id, account_id, cycle, address_id, link_hash) ON reminder TO net119_lookup;
GRANT SELECT (fire_hq_id, id, token_hash, expires_at, revoked_at, scopes) ON api_token TO net119_lookup;
GRANT SELECT (id, code) ON fire_hq TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;

CREATE FUNCTION lookup_link(hash bytea)
  RETURNS TABLE (fire_hq_id uuid, account_id uuid, reminder_id uuid, cycle integer, address_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT r.fire_hq_id, r.account_id, r.id, r.cycle, r.address_id FROM reminder r WHERE r.link_hash = hash;
  END;
CREATE FUNCTION lookup_api_token(hash bytea, at timestamptz) RETURNS TABLE (token_id uuid, fire_hq_id uuid, scopes text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT t.id, t.fire_hq_id, t.scopes FROM api_token t
    WHERE t.token_hash = hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > at);
  END;
CREATE FUNCTION lookup_fire_hq(hq_code text) RETURNS TABLE (fire_hq_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC SELECT h.id FROM fire_hq h WHERE h.code = hq_code; END;
CREATE FUNCTION list_fire_hq() RETURNS TABLE (fire_hq_id uuid, code text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC SELECT h.id, h.code FROM fire_hq h ORDER BY h.code; END;

ALTER FUNCTION lookup_link(bytea) OWNER TO net119_lookup;
ALTER FUNCTION lookup_api_token(bytea, timestamptz) OWNER TO net119_lookup;
ALTER FUNCTION lookup_fire_hq(text) OWNER TO net119_lookup;
ALTER FUNCTION list_fire_hq() OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_link(bytea), lookup_api_token(bytea, timestamptz), lookup_fire_hq(text), list_fire_hq() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_link(bytea), lookup_api_token(bytea, timestamptz), lookup_fire_hq(text), list_fire_hq() TO net119_app;

CREATE FUNCTION announce_outbox() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_notify('signal_outbox', ''); RETURN NULL; END $$;
CREATE TRIGGER signal_outbox_announce AFTER INSERT ON signal_outbox
  FOR EACH STATEMENT EXECUTE FUNCTION announce_outbox();
