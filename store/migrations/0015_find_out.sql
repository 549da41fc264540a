-- Looking back: figures by the date they fell in (R35, R38), and the audit trail by time, by staff and by act (R34).
-- Not CONCURRENTLY, which no transaction may hold: writes wait some seconds for ten million rows.

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX renewal_cycle_by_expiry ON renewal_cycle (fire_hq_id, expires_at, account_id, number);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX renewal_cycle_renewed ON renewal_cycle (fire_hq_id, renewed_at) WHERE renewed_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX audit_event_at ON audit_event (fire_hq_id, at DESC, id DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX audit_event_action ON audit_event (fire_hq_id, action, at DESC, id DESC);
-- What staff did is little beside what the system did.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX audit_event_staff ON audit_event (fire_hq_id, actor, at DESC, id DESC) WHERE actor LIKE 'staff:%';
