-- R24: when many mails fail at once, sending there pauses and those failures do not count. Expand only: a release without
-- it takes a pause for an operator's stop of automatic mail, and goes on.

-- A column of its own, so that counting by domain needs no right to read an address. Stored, which older servers have too:
-- the table is written anew under a lock, which for a million addresses takes seconds.
ALTER TABLE mail_address
  -- squawk-ignore adding-field-with-default
  ADD COLUMN mail_domain text COLLATE "C" GENERATED ALWAYS AS (split_part(address_key, '@', 2)) STORED;
COMMENT ON COLUMN mail_address.mail_domain IS 'What stands behind the @. For counts; net119_lookup sees this and never the address.';

ALTER TABLE reminder ADD COLUMN excused_at timestamptz;
COMMENT ON COLUMN reminder.excused_at IS 'R24: failed as one of many at once: FAILED, and never counted, whatever is heard later.';

ALTER TABLE mail_stop
  ADD COLUMN cause text NOT NULL DEFAULT 'STAFF',
  ADD COLUMN failures_since timestamptz,
  ADD COLUMN next_trial_at timestamptz,
  ADD COLUMN trial_account_id uuid,
  ADD COLUMN trial_reminder_id uuid,
  ADD COLUMN announced_at timestamptz,
  ADD COLUMN woken_at timestamptz;
COMMENT ON COLUMN mail_stop.cause IS 'MASS_FAILURE: a pause, set by the system for all headquarters; manual mail and receipts rest too (R24).';
COMMENT ON COLUMN mail_stop.failures_since IS 'Failures of mails sent or heard of from here to the end of the pause do not count.';
COMMENT ON COLUMN mail_stop.trial_account_id IS 'Whose turn it is to have one mail tried; in the order of ids.';
COMMENT ON COLUMN mail_stop.trial_reminder_id IS 'The mail that the turn was used for; accepted, the pause ends.';
COMMENT ON COLUMN mail_stop.announced_at IS 'Every headquarters has the beginning in its audit trail.';
COMMENT ON COLUMN mail_stop.woken_at IS 'Every headquarters has the end in its audit trail, and its accounts were told to look.';
ALTER TABLE mail_stop ADD CONSTRAINT mail_stop_cause CHECK (cause IN ('STAFF', 'MASS_FAILURE')) NOT VALID;
ALTER TABLE mail_stop ADD CONSTRAINT mail_stop_pause CHECK (cause = 'STAFF'
  OR (fire_hq_id IS NULL AND until IS NULL AND failures_since IS NOT NULL AND next_trial_at IS NOT NULL)) NOT VALID;
-- A table of some dozen rows.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX mail_stop_one_pause ON mail_stop (coalesce(mail_domain, '')) WHERE cause = 'MASS_FAILURE' AND ended_at IS NULL;

CREATE TABLE mail_pause_tenant (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  mail_stop_id uuid NOT NULL REFERENCES mail_stop (id),
  announced_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  woken_at timestamptz,
  PRIMARY KEY (fire_hq_id, mail_stop_id)
);
COMMENT ON TABLE mail_pause_tenant IS 'What one headquarters knows of a pause, and whether it has ended it for itself.';
COMMENT ON COLUMN mail_pause_tenant.ended_by IS 'system: it never bound this headquarters, which had ended one like it shortly before.';
CREATE INDEX mail_pause_tenant_stop ON mail_pause_tenant (mail_stop_id);
ALTER TABLE mail_pause_tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_pause_tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON mail_pause_tenant TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON mail_pause_tenant TO net119_app USING (fire_hq_id = current_fire_hq())
  WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT, UPDATE ON mail_pause_tenant TO net119_app;

-- Of the stops of all headquarters the application writes the pauses; what an operator has set it cannot touch.
CREATE POLICY pause_insert ON mail_stop FOR INSERT TO net119_app WITH CHECK (cause = 'MASS_FAILURE' AND fire_hq_id IS NULL);
CREATE POLICY pause_update ON mail_stop FOR UPDATE TO net119_app USING (cause = 'MASS_FAILURE' AND fire_hq_id IS NULL)
  WITH CHECK (cause = 'MASS_FAILURE' AND fire_hq_id IS NULL);

-- Not CONCURRENTLY, which no transaction may hold: writes wait some seconds for ten million rows, and senders wait longer.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_sent ON reminder (sent_at) WHERE sent_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_failed ON reminder (bounced_at) WHERE bounced_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_excused ON reminder (excused_at) WHERE excused_at IS NOT NULL;

-- Many at once is a matter of all tenants together: functions that return counts, ids, and domains with many mails.
CREATE POLICY lookup_result ON reminder FOR SELECT TO net119_lookup USING (sent_at IS NOT NULL OR outcome IN ('QUEUED', 'DELAYED'));
CREATE POLICY lookup ON mail_address FOR SELECT TO net119_lookup USING (true);
CREATE POLICY lookup ON mail_stop FOR SELECT TO net119_lookup USING (cause = 'MASS_FAILURE');
CREATE POLICY lookup ON mail_pause_tenant FOR SELECT TO net119_lookup USING (true);
GRANT SELECT (outcome, bounced_at, excused_at) ON reminder TO net119_lookup;
GRANT SELECT (fire_hq_id, id, mail_domain, role) ON mail_address TO net119_lookup;
GRANT SELECT (id, mail_domain, cause, failures_since, trial_account_id, ended_at) ON mail_stop TO net119_lookup;
GRANT SELECT (fire_hq_id, mail_stop_id, ended_at, ended_by) ON mail_pause_tenant TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;

CREATE FUNCTION count_sent_around_failures(heard_since timestamptz, heard_until timestamptz)
  RETURNS TABLE (mail_domain text, paused boolean, sent_from timestamptz, person integer, results integer, failures integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    WITH cell AS (
      SELECT DISTINCT date_bin('10 minutes', r.sent_at, 'epoch') + step * interval '10 minutes' AS starts
      FROM reminder r CROSS JOIN generate_series(-1, 1) AS step
      WHERE r.bounced_at >= heard_since AND r.bounced_at <= heard_until AND r.sent_at IS NOT NULL AND r.excused_at IS NULL
    ), result AS (
      SELECT m.mail_domain AS domain, r.account_id, r.sent_at, r.excused_at IS NOT NULL AS excused,
        r.bounced_at IS NOT NULL AND r.outcome IN ('BOUNCED', 'FAILED') AS failed
      FROM cell JOIN reminder r ON r.sent_at >= cell.starts AND r.sent_at < cell.starts + interval '10 minutes'
      JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
      WHERE (r.accepted_at IS NOT NULL OR r.bounced_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM mail_pause_tenant t WHERE t.fire_hq_id = r.fire_hq_id AND t.ended_by <> 'system'
          AND t.ended_at <= heard_until AND t.ended_at > heard_until - interval '24 hours')
    ), judged AS (
      SELECT result.*, EXISTS (SELECT FROM mail_stop s WHERE s.mail_domain = result.domain
          AND result.sent_at BETWEEN s.failures_since AND coalesce(s.ended_at, 'infinity')) AS paused
      FROM result
      WHERE NOT EXISTS (SELECT FROM mail_stop s WHERE s.mail_domain IS NULL
        AND result.sent_at BETWEEN s.failures_since AND coalesce(s.ended_at, 'infinity'))
    ), counted AS (
      SELECT judged.*, count(*) OVER (PARTITION BY account_id) > 1 AS several,
        dense_rank() OVER (ORDER BY account_id) AS rank
      FROM judged WHERE judged.paused OR NOT excused
    ), named AS (
      SELECT domain FROM counted GROUP BY domain
      HAVING count(DISTINCT account_id) >= 20 OR EXISTS (SELECT FROM mail_stop s WHERE s.mail_domain = domain)
    )
    SELECT named.domain, c.paused, date_bin('10 seconds', c.sent_at, 'epoch'), CASE WHEN c.several THEN c.rank END::integer,
      count(*)::integer, (count(*) FILTER (WHERE c.failed))::integer
    FROM counted c LEFT JOIN named USING (domain) GROUP BY 1, 2, 3, 4;
  END;
COMMENT ON FUNCTION count_sent_around_failures(timestamptz, timestamptz) IS 'R24: mails with a result, counted by when they were sent (10 s each), around those whose failure was heard of in this span; people with several mails by a number that holds for this call. Domains of few people together, as null: a domain can be a person''s name. Not counted: what a pause of all covers, what is excused, and headquarters that ended a pause in the last 24 h.';

CREATE FUNCTION list_failures_to_excuse(pause uuid, at_most integer)
  RETURNS TABLE (fire_hq_id uuid, account_id uuid, reminder_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT r.fire_hq_id, r.account_id, r.id
    FROM mail_stop s
    JOIN reminder r ON r.bounced_at >= s.failures_since
    JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
    LEFT JOIN mail_pause_tenant t ON t.mail_stop_id = s.id AND t.fire_hq_id = r.fire_hq_id
    CROSS JOIN LATERAL (SELECT coalesce(least(s.ended_at, t.ended_at), 'infinity') AS ends) e
    WHERE s.id = pause AND r.excused_at IS NULL AND r.outcome IN ('BOUNCED', 'FAILED')
      AND (s.mail_domain IS NULL OR s.mail_domain = m.mail_domain)
      AND e.ends > s.failures_since
      AND (r.bounced_at <= e.ends OR r.sent_at BETWEEN s.failures_since AND e.ends)
    ORDER BY r.bounced_at LIMIT at_most;
  END;

CREATE FUNCTION list_trial_candidates(pause uuid, due_until timestamptz, at_most integer)
  RETURNS TABLE (fire_hq_id uuid, account_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT c.fire_hq_id, c.account_id FROM (
      SELECT DISTINCT r.fire_hq_id, r.account_id, r.account_id <= s.trial_account_id AS had_its_turn
      FROM mail_stop s
      JOIN reminder r ON (r.outcome IN ('QUEUED', 'DELAYED') AND r.accepted_at IS NULL AND r.due_at <= due_until)
        OR r.excused_at >= s.failures_since
      JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id AND m.role = 'PRESENT'
      LEFT JOIN mail_pause_tenant t ON t.mail_stop_id = s.id AND t.fire_hq_id = r.fire_hq_id
      WHERE s.id = pause AND t.ended_at IS NULL
        AND (s.mail_domain IS NULL OR s.mail_domain = m.mail_domain)
    ) c
    ORDER BY coalesce(c.had_its_turn, false), c.account_id LIMIT at_most;
  END;
COMMENT ON FUNCTION list_trial_candidates(uuid, timestamptz, integer) IS 'Accounts of a pause with a mail that waits or was excused; the one after the last turn first.';

ALTER FUNCTION count_sent_around_failures(timestamptz, timestamptz) OWNER TO net119_lookup;
ALTER FUNCTION list_failures_to_excuse(uuid, integer) OWNER TO net119_lookup;
ALTER FUNCTION list_trial_candidates(uuid, timestamptz, integer) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION count_sent_around_failures(timestamptz, timestamptz), list_failures_to_excuse(uuid, integer),
  list_trial_candidates(uuid, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_sent_around_failures(timestamptz, timestamptz), list_failures_to_excuse(uuid, integer),
  list_trial_candidates(uuid, timestamptz, integer) TO net119_app;
