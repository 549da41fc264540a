-- 職員: second factor, one-time codes for invitations and resets, an epoch that ends open sessions. Expand only.

ALTER TABLE staff
  ADD COLUMN session_epoch integer NOT NULL DEFAULT 0,
  ADD COLUMN one_time_hash bytea,
  ADD COLUMN one_time_until timestamptz,
  ADD COLUMN totp_sealed text,
  ADD COLUMN totp_step bigint,
  ADD COLUMN totp_next_sealed text,
  ADD COLUMN recovery_hashes bytea[] NOT NULL DEFAULT '{}',
  ADD COLUMN wrong_codes integer NOT NULL DEFAULT 0,
  ADD COLUMN wrong_code_at timestamptz,
  ADD COLUMN failure_told_at timestamptz;
-- Code that reads it takes null for nobody's, as for an unknown name.
-- squawk-ignore ban-drop-not-null
ALTER TABLE staff ALTER COLUMN password_hash DROP NOT NULL;
COMMENT ON COLUMN staff.password_hash IS 'argon2id, with its parameters. Null: none yet, or taken away by a reset.';
COMMENT ON COLUMN staff.session_epoch IS 'A session of another epoch is signed out: counts up with a new password or role, a lock, a reset.';
COMMENT ON COLUMN staff.one_time_hash IS 'SHA-256 of the code of an invitation or a reset; stands in for the password until one_time_until.';
COMMENT ON COLUMN staff.totp_sealed IS 'The second factor''s secret, encrypted with a key of LINK_KEYS. Null: no second factor.';
COMMENT ON COLUMN staff.totp_step IS 'The last time step whose code was taken: none is taken twice.';
COMMENT ON COLUMN staff.totp_next_sealed IS 'A secret being set up, until a code of it was given.';
COMMENT ON COLUMN staff.recovery_hashes IS 'SHA-256 of the recovery codes that are left.';
COMMENT ON COLUMN staff.wrong_codes IS 'Wrong codes in a row, the last at wrong_code_at: the more, the longer the wait.';
COMMENT ON COLUMN staff.failure_told_at IS 'When a failed sign-in last went into the audit trail: once a quarter of an hour.';

ALTER TABLE fire_hq ADD COLUMN second_factor text NOT NULL DEFAULT 'WRITERS';
COMMENT ON COLUMN fire_hq.second_factor IS 'Who must have a second factor: EVERYBODY, WRITERS (clerks and managers), NOBODY.';
