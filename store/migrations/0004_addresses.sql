-- R19: a new address waits as PENDING until its check mail is answered. Expand only: a release without it runs on.

ALTER TABLE mail_address
  ADD COLUMN pending_until timestamptz,
  ADD COLUMN present_since timestamptz;
COMMENT ON COLUMN mail_address.pending_until IS 'R19: until when (exclusive) the check mail of a PENDING address can be answered. Null: it was PRESENT from the start.';
COMMENT ON COLUMN mail_address.present_since IS 'R19: when an address that began as PENDING became PRESENT. Null beside pending_until: it never did.';
-- Not CONCURRENTLY, which no transaction may hold; no row is PENDING yet, so it is built in one quick read.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX mail_address_one_pending ON mail_address (fire_hq_id, account_id) WHERE role = 'PENDING';

ALTER TABLE resident_request ADD COLUMN new_address_id uuid;
COMMENT ON COLUMN resident_request.new_address_id IS 'R28: the address that was entered for this request (R19); null while none was.';

COMMENT ON COLUMN reminder.dedupe_key IS 'auto:<cycle>:<slot> | manual:<requestId> | receipt:<cycle> | request-receipt:<id> | address:<addressId> | retry:<reminderId> | link:<cycle>:<date> | check:<addressId> | check:<addressId>:<cycle or requestId> | probe:<cycle>:<date or instant> | notice:<addressId>';
