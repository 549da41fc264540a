-- Lists of people that staff work through, and mails to many at once. Expand only.

-- Not CONCURRENTLY, which no transaction may hold: writes wait some seconds for a million people, and senders wait longer.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_mail_unconfirmed ON account (fire_hq_id, mail_unconfirmed_since, id) WHERE mail_unconfirmed_since IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_last_use ON account (fire_hq_id, (coalesce(last_activity_at, registered_at)), id) WHERE withdrawn_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX account_municipality ON account (fire_hq_id, (municipality COLLATE "C"), id) WHERE municipality IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX renewal_cycle_open_by_cause ON renewal_cycle (fire_hq_id, lapse_cause, expires_at, account_id)
  WHERE renewed_at IS NULL AND lapse_cause IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX mail_address_present_domain ON mail_address (fire_hq_id, mail_domain, account_id) WHERE role = 'PRESENT';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX mail_address_present_in_doubt ON mail_address (fire_hq_id, state, account_id)
  WHERE role = 'PRESENT' AND state IN ('SUSPECT', 'UNDELIVERABLE');

CREATE TABLE bulk_send (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('DRAFT', 'RUNNING', 'STOPPED', 'DONE')),
  filter jsonb NOT NULL,
  people integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed boolean NOT NULL,
  send_when text CHECK (send_when IN ('now', 'morning')),
  not_before timestamptz,
  started_by text,
  started_at timestamptz,
  ended_by text,
  ended_at timestamptz,
  lease_until timestamptz,
  turn_at timestamptz,
  PRIMARY KEY (fire_hq_id, id),
  CHECK ((state = 'DRAFT') = (started_at IS NULL)),
  CHECK ((state IN ('STOPPED', 'DONE')) = (ended_at IS NOT NULL))
);
COMMENT ON TABLE bulk_send IS 'R22 for many: who was chosen, from the preview (DRAFT) to the last mail asked for. Each person''s mail is a ledger row of its own.';
COMMENT ON COLUMN bulk_send.filter IS 'The list that they were chosen from; never a name.';
COMMENT ON COLUMN bulk_send.confirmed IS 'Also those who were mailed by hand within 24 h.';
COMMENT ON COLUMN bulk_send.not_before IS '朝8時に送る: nothing is asked for before, so all of it can still be stopped.';
COMMENT ON COLUMN bulk_send.lease_until IS 'Until then one process works on it. Another that goes on too early does no harm: items are locked, and asked for once.';
CREATE INDEX bulk_send_started ON bulk_send (fire_hq_id, started_at DESC, id DESC) WHERE started_at IS NOT NULL;
CREATE INDEX bulk_send_running ON bulk_send (turn_at) WHERE state = 'RUNNING';

CREATE TABLE bulk_send_item (
  fire_hq_id uuid NOT NULL,
  bulk_send_id uuid NOT NULL,
  position integer NOT NULL,
  account_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('WAITING', 'QUEUED', 'LEFT_OUT')),
  refusal jsonb,
  reminder_id uuid,
  done_at timestamptz,
  PRIMARY KEY (fire_hq_id, bulk_send_id, position),
  UNIQUE (fire_hq_id, bulk_send_id, account_id),
  CHECK ((state = 'QUEUED') = (reminder_id IS NOT NULL)),
  FOREIGN KEY (fire_hq_id, bulk_send_id) REFERENCES bulk_send (fire_hq_id, id) ON DELETE CASCADE,
  FOREIGN KEY (fire_hq_id, account_id) REFERENCES account (fire_hq_id, id),
  FOREIGN KEY (fire_hq_id, reminder_id) REFERENCES reminder (fire_hq_id, id)
);
COMMENT ON TABLE bulk_send_item IS 'One person of a bulk send.';
COMMENT ON COLUMN bulk_send_item.refusal IS 'WAITING: what stood in the way at the preview. LEFT_OUT: why no mail was asked for.';
CREATE INDEX bulk_send_item_waiting ON bulk_send_item (fire_hq_id, bulk_send_id, position) WHERE state = 'WAITING';

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['bulk_send', 'bulk_send_item']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY owner_all ON %I TO net119_owner USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I TO net119_app USING (fire_hq_id = current_fire_hq()) '
      || 'WITH CHECK (fire_hq_id = current_fire_hq())', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON bulk_send, bulk_send_item TO net119_app;
-- A preview that led to nothing goes after a day; what was started stays.
GRANT DELETE ON bulk_send TO net119_app;
CREATE POLICY only_drafts_go ON bulk_send AS RESTRICTIVE FOR DELETE TO net119_app USING (state = 'DRAFT');

-- Whose turn it is, over all headquarters: ids, and the one that waited longest first.
CREATE POLICY lookup ON bulk_send FOR SELECT TO net119_lookup USING (true);
GRANT SELECT (fire_hq_id, id, state, not_before, lease_until, turn_at) ON bulk_send TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;
CREATE FUNCTION lookup_bulk_send_due(at timestamptz) RETURNS TABLE (fire_hq_id uuid, bulk_send_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT b.fire_hq_id, b.id FROM bulk_send b
    WHERE b.state = 'RUNNING' AND b.not_before <= at AND (b.lease_until IS NULL OR b.lease_until <= at)
    ORDER BY b.turn_at LIMIT 1;
  END;
ALTER FUNCTION lookup_bulk_send_due(timestamptz) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_bulk_send_due(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_bulk_send_due(timestamptz) TO net119_app;
