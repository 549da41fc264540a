-- 運用担当 of the vendor on the staff site: their own sign-in, counts over all headquarters, and what a manager opens to
-- them for some hours. Expand only.

CREATE TABLE vendor_operator (
  id uuid PRIMARY KEY,
  sign_in_name text COLLATE "C" NOT NULL UNIQUE CHECK (sign_in_name ~ '^[a-z0-9][a-z0-9._-]{2,39}$'),
  display_name text NOT NULL,
  created_at timestamptz NOT NULL,
  locked_at timestamptz,
  last_signed_in_at timestamptz,
  session_epoch integer NOT NULL DEFAULT 0,
  password_hash text,
  one_time_hash bytea,
  one_time_until timestamptz,
  totp_sealed text,
  totp_step bigint,
  totp_next_sealed text,
  recovery_hashes bytea[] NOT NULL DEFAULT '{}',
  wrong_codes integer NOT NULL DEFAULT 0,
  wrong_code_at timestamptz
);
COMMENT ON TABLE vendor_operator IS 'People of the vendor who sign in to the staff site. Of no tenant; made, helped and locked with the owner''s login only. Columns as in staff.';

CREATE TABLE vendor_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  vendor_operator_id uuid NOT NULL REFERENCES vendor_operator (id),
  action text NOT NULL
);
COMMENT ON TABLE vendor_event IS 'The trail of vendor operators where no tenant is touched: made, signed in, refused. Append-only. What they see of a tenant is in its audit_event.';
CREATE TRIGGER vendor_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON vendor_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE vendor_access (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  id uuid NOT NULL,
  reason text NOT NULL,
  opened_at timestamptz NOT NULL,
  opened_by text NOT NULL,
  until timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by text,
  PRIMARY KEY (fire_hq_id, id),
  CHECK (until > opened_at AND until <= opened_at + interval '8 hours')
);
COMMENT ON TABLE vendor_access IS '運用担当に見せる: a manager lets vendor operators read this tenant''s pages until then; eight hours at most.';
COMMENT ON COLUMN vendor_access.closed_at IS 'Closed before its time. Past until it is over without being closed.';
CREATE UNIQUE INDEX vendor_access_one_open ON vendor_access (fire_hq_id) WHERE closed_at IS NULL;
CREATE INDEX vendor_access_list ON vendor_access (fire_hq_id, opened_at DESC);

ALTER TABLE vendor_operator ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_operator FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON vendor_operator TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON vendor_operator TO net119_app USING (true) WITH CHECK (true);
-- Who they are, and whether they are locked, the application cannot write.
GRANT SELECT, UPDATE (last_signed_in_at, session_epoch, password_hash, one_time_hash, one_time_until, totp_sealed, totp_step,
  totp_next_sealed, recovery_hashes, wrong_codes, wrong_code_at) ON vendor_operator TO net119_app;

ALTER TABLE vendor_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_event FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON vendor_event TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY append ON vendor_event FOR INSERT TO net119_app WITH CHECK (true);
GRANT INSERT ON vendor_event TO net119_app;

ALTER TABLE vendor_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_access FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON vendor_access TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON vendor_access TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT, UPDATE (closed_at, closed_by) ON vendor_access TO net119_app;

-- Counted over all headquarters by the role that sees these columns and nothing else. No name of a person, no id of one.
CREATE POLICY vendor_count ON account FOR SELECT TO net119_lookup USING (true);
CREATE POLICY lookup ON renewal_cycle FOR SELECT TO net119_lookup USING (renewed_at IS NULL);
CREATE POLICY lookup ON vendor_access FOR SELECT TO net119_lookup USING (true);
GRANT SELECT (display_name) ON fire_hq TO net119_lookup;
GRANT SELECT (last_signed_in_at) ON staff TO net119_lookup;
GRANT SELECT (fire_hq_id, account_id, expires_at, renewed_at, lapse_cause) ON renewal_cycle TO net119_lookup;
GRANT SELECT (fire_hq_id, until, closed_at) ON vendor_access TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;

CREATE FUNCTION vendor_headquarters(at timestamptz, after_code text, at_most integer)
  RETURNS TABLE (code text, display_name text, people bigint, undeliverable bigint, no_response bigint, not_sent bigint,
    unknown bigint, last_signed_in_at timestamptz, open_until timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT h.code, h.display_name, p.people, p.undeliverable, p.no_response, p.not_sent, p.unknown,
      (SELECT max(s.last_signed_in_at) FROM staff s WHERE s.fire_hq_id = h.id),
      (SELECT max(v.until) FROM vendor_access v WHERE v.fire_hq_id = h.id AND v.closed_at IS NULL AND v.until > at)
    FROM (SELECT f.id, f.code, f.display_name FROM fire_hq f WHERE f.code > after_code ORDER BY f.code LIMIT at_most) h
    CROSS JOIN LATERAL (
      SELECT count(*) AS people,
        count(*) FILTER (WHERE c.expires_at <= at AND c.lapse_cause = 'UNDELIVERABLE') AS undeliverable,
        count(*) FILTER (WHERE c.expires_at <= at AND c.lapse_cause = 'NO_RESPONSE') AS no_response,
        count(*) FILTER (WHERE c.expires_at <= at AND c.lapse_cause = 'NOT_SENT') AS not_sent,
        count(*) FILTER (WHERE c.expires_at <= at AND coalesce(c.lapse_cause, 'UNKNOWN') = 'UNKNOWN') AS unknown
      FROM renewal_cycle c JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id
      WHERE c.fire_hq_id = h.id AND c.renewed_at IS NULL AND a.withdrawn_at IS NULL
    ) p
    ORDER BY h.code;
  END;
COMMENT ON FUNCTION vendor_headquarters(timestamptz, text, integer) IS 'Headquarters by code: people who are not 廃止, of these lapsed by cause, when any of its staff last signed in, and until when it lets the vendor look.';

CREATE FUNCTION vendor_mail_stops(at timestamptz)
  RETURNS TABLE (code text, cause text, stops bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT h.code, s.cause, count(*) FROM mail_stop s LEFT JOIN fire_hq h ON h.id = s.fire_hq_id
    WHERE s.ended_at IS NULL AND (s.until IS NULL OR s.until > at)
    GROUP BY h.code, s.cause ORDER BY h.code NULLS FIRST, s.cause LIMIT 500;
  END;
COMMENT ON FUNCTION vendor_mail_stops(timestamptz) IS 'R24, R36: pauses and stops in force, by headquarters; code null: of all. The owner''s: of mail_stop net119_lookup must see pauses only, which other functions rest on.';

ALTER FUNCTION vendor_headquarters(timestamptz, text, integer) OWNER TO net119_lookup;
GRANT USAGE, CREATE ON SCHEMA public TO net119_owner;
GRANT SELECT (id, code) ON fire_hq TO net119_owner;
GRANT SELECT (fire_hq_id, cause, until, ended_at) ON mail_stop TO net119_owner;
ALTER FUNCTION vendor_mail_stops(timestamptz) OWNER TO net119_owner;
REVOKE CREATE ON SCHEMA public FROM net119_lookup, net119_owner;
REVOKE EXECUTE ON FUNCTION vendor_headquarters(timestamptz, text, integer), vendor_mail_stops(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vendor_headquarters(timestamptz, text, integer), vendor_mail_stops(timestamptz) TO net119_app;

-- 庁内の認証でサインイン: OpenID Connect of one headquarters.
CREATE TABLE oidc_setting (
  fire_hq_id uuid PRIMARY KEY REFERENCES fire_hq (id),
  issuer text NOT NULL,
  client_id text NOT NULL,
  secret_sealed text NOT NULL,
  claim text NOT NULL,
  trusts_mfa boolean NOT NULL,
  changed_at timestamptz NOT NULL
);
COMMENT ON TABLE oidc_setting IS 'How staff of this headquarters may also sign in: with their own authentication. Put by the operator; no row: they may not.';
COMMENT ON COLUMN oidc_setting.secret_sealed IS 'The client''s secret, encrypted with a key of LINK_KEYS for this headquarters.';
COMMENT ON COLUMN oidc_setting.claim IS 'The claim that holds the sign-in name of staff.';
COMMENT ON COLUMN oidc_setting.trusts_mfa IS 'Our second factor is not asked when the provider says amr mfa.';
ALTER TABLE oidc_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_setting FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON oidc_setting TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON oidc_setting TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT, UPDATE, DELETE ON oidc_setting TO net119_app;
