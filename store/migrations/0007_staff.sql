-- 管理サイト: the people of a headquarters who sign in, and their sessions. Expand only.

CREATE TABLE staff (
  fire_hq_id uuid NOT NULL REFERENCES fire_hq (id),
  id uuid NOT NULL,
  sign_in_name text COLLATE "C" NOT NULL UNIQUE CHECK (sign_in_name ~ '^[a-z0-9][a-z0-9._-]{2,39}$'),
  display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('VIEWER', 'CLERK', 'MANAGER')),
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  locked_at timestamptz,
  last_signed_in_at timestamptz,
  PRIMARY KEY (fire_hq_id, id)
);
COMMENT ON TABLE staff IS '職員: who may sign in to the staff site. Never deleted, locked instead: the audit trail names them.';
COMMENT ON COLUMN staff.sign_in_name IS 'Unique over all headquarters, so that nobody must know a code to sign in; apart from any mail address.';
COMMENT ON COLUMN staff.password_hash IS 'argon2id, with its parameters.';
COMMENT ON COLUMN staff.locked_at IS 'Locked: the next request of an open session is refused too.';

CREATE TABLE staff_session (
  sid text COLLATE "C" PRIMARY KEY,
  sess json NOT NULL,
  expire timestamptz NOT NULL
);
COMMENT ON TABLE staff_session IS 'Sessions of the staff site: ids only, looked up before a tenant is known. A row that is gone is signed out.';
CREATE INDEX staff_session_expire ON staff_session (expire);

ALTER TABLE staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON staff TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON staff TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT, UPDATE ON staff TO net119_app;

ALTER TABLE staff_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_session FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON staff_session TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY sessions ON staff_session TO net119_app USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_session TO net119_app;

-- Looked up before a tenant is known: ids, no hash and no name.
CREATE POLICY lookup ON staff FOR SELECT TO net119_lookup USING (true);
GRANT SELECT (fire_hq_id, id, sign_in_name) ON staff TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;
CREATE FUNCTION lookup_staff(wanted text) RETURNS TABLE (fire_hq_id uuid, staff_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC SELECT s.fire_hq_id, s.id FROM staff s WHERE s.sign_in_name = wanted; END;
ALTER FUNCTION lookup_staff(text) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_staff(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_staff(text) TO net119_app;
