-- Delivery truth: what reports that come back say about mails we sent. Expand only: a release without it runs on.

ALTER TABLE reminder
  ADD COLUMN sent_at timestamptz,
  ADD COLUMN bounce_class text,
  ADD COLUMN bounce_status text,
  ADD COLUMN bounce_diagnostic text,
  ADD COLUMN bounce_source text;
COMMENT ON COLUMN reminder.sent_at IS 'When a sender last took the row; the return path is good for 90 days from then on.';
COMMENT ON COLUMN reminder.accepted_at IS 'A server took the mail; outcome DELAYED beside it: that server still tries, and we do not send again (R23).';
COMMENT ON COLUMN reminder.bounced_at IS 'When we heard that the mail failed for good: in the SMTP reply, or by a report. Of BOUNCED and of FAILED.';
COMMENT ON COLUMN reminder.bounce_class IS 'Why, as far as servers tell (domain/bounce.ts); SENDER_BLOCKED is ours and never counts (R24).';
COMMENT ON COLUMN reminder.bounce_status IS 'Enhanced status as it was told, 5.1.1.';
COMMENT ON COLUMN reminder.bounce_diagnostic IS 'The server''s words, without control characters, cut.';
COMMENT ON COLUMN reminder.bounce_source IS 'SMTP: the reply to our own attempt; else the way in which the report came.';
-- NOT VALID holds no lock while it reads: the columns are new, so there is nothing to read.
ALTER TABLE reminder ADD CONSTRAINT reminder_bounce_class CHECK (bounce_class IN
  ('UNKNOWN_ADDRESS', 'REFUSED', 'UNKNOWN_OR_REFUSED', 'MAILBOX_FULL', 'EXPIRED', 'DOMAIN_NOT_FOUND', 'SENDER_BLOCKED', 'OTHER')) NOT VALID;
ALTER TABLE reminder ADD CONSTRAINT reminder_bounce_source CHECK (bounce_source IN
  ('SMTP', 'REPORT_SMTP', 'REPORT_IMAP', 'REPORT_HTTP', 'SES', 'SENDGRID')) NOT VALID;
-- Not CONCURRENTLY, which no transaction may hold: writes wait some seconds for ten million rows, and senders wait longer.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX reminder_return_path ON reminder (return_path_hash) WHERE return_path_hash IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_message_id ON reminder (message_id COLLATE "C") WHERE message_id IS NOT NULL;

CREATE TABLE delivery_report (
  fire_hq_id uuid NOT NULL,
  id uuid NOT NULL,
  reminder_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  source text NOT NULL CHECK (source IN ('REPORT_SMTP', 'REPORT_IMAP', 'REPORT_HTTP', 'SES', 'SENDGRID')),
  matched_by text NOT NULL CHECK (matched_by IN ('RETURN_PATH', 'MESSAGE_ID')),
  what text NOT NULL CHECK (what IN
    ('REPORT', 'AUTO_REPLY', 'SUCCESS', 'COMPLAINT', 'READ_RECEIPT', 'CHALLENGE', 'NOT_A_REPORT', 'UNREADABLE')),
  action text CHECK (action IN ('FAILED', 'DELAYED')),
  status text,
  diagnostic text,
  bounce_class text CHECK (bounce_class IN
    ('UNKNOWN_ADDRESS', 'REFUSED', 'UNKNOWN_OR_REFUSED', 'MAILBOX_FULL', 'EXPIRED', 'DOMAIN_NOT_FOUND', 'SENDER_BLOCKED', 'OTHER')),
  rule text,
  raw_hash bytea NOT NULL,
  raw bytea,
  raw_delete_after timestamptz,
  PRIMARY KEY (fire_hq_id, id),
  UNIQUE (fire_hq_id, reminder_id, raw_hash),
  CHECK ((raw IS NULL) = (raw_delete_after IS NULL)),
  FOREIGN KEY (fire_hq_id, reminder_id) REFERENCES reminder (fire_hq_id, id)
);
COMMENT ON TABLE delivery_report IS 'Every mail that came back and was matched to one of ours, with what was read in it (R23). Written once.';
COMMENT ON COLUMN delivery_report.rule IS 'Name of the rule that gave the class (mail/receive/rules.ts).';
COMMENT ON COLUMN delivery_report.raw_hash IS 'SHA-256 of the mail as it came: the same one twice is one story.';
COMMENT ON COLUMN delivery_report.raw IS 'The mail as it came, personal data: the application writes it and cannot read it; operators can, audited, until raw_delete_after.';
CREATE INDEX delivery_report_list ON delivery_report (fire_hq_id, received_at DESC, id DESC);
CREATE INDEX delivery_report_raw_age ON delivery_report (fire_hq_id, raw_delete_after) WHERE raw_delete_after IS NOT NULL;

CREATE TABLE quarantine_report (
  id uuid PRIMARY KEY,
  received_at timestamptz NOT NULL,
  source text NOT NULL CHECK (source IN ('REPORT_SMTP', 'REPORT_IMAP', 'REPORT_HTTP', 'SES', 'SENDGRID')),
  what text NOT NULL CHECK (what IN
    ('REPORT', 'AUTO_REPLY', 'SUCCESS', 'COMPLAINT', 'READ_RECEIPT', 'CHALLENGE', 'NOT_A_REPORT', 'UNREADABLE')),
  why text NOT NULL CHECK (why IN ('NO_MATCH', 'CONTRADICTION')),
  codes text[] NOT NULL,
  raw_hash bytea NOT NULL UNIQUE,
  raw bytea NOT NULL,
  delete_after timestamptz NOT NULL
);
COMMENT ON TABLE quarantine_report IS '未照合: reports that belong to no mail of ours as far as can be told, so to no tenant. For operators, audited, 30 days.';
COMMENT ON COLUMN quarantine_report.why IS 'CONTRADICTION: the return path names one mail of ours and the returned original another.';
COMMENT ON COLUMN quarantine_report.codes IS 'Return-path codes among the envelope''s recipients; no addresses.';
COMMENT ON COLUMN quarantine_report.raw IS 'The mail as it came, personal data: the application writes it and cannot read it.';
CREATE INDEX quarantine_report_age ON quarantine_report (delete_after);

ALTER TABLE delivery_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_report FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON delivery_report TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON delivery_report TO net119_app USING (fire_hq_id = current_fire_hq())
  WITH CHECK (fire_hq_id = current_fire_hq());
GRANT INSERT ON delivery_report TO net119_app;
GRANT SELECT (fire_hq_id, id, reminder_id, received_at, source, matched_by, what, action, status, diagnostic, bounce_class,
  rule, raw_hash, raw_delete_after) ON delivery_report TO net119_app;
GRANT UPDATE (raw, raw_delete_after) ON delivery_report TO net119_app;

ALTER TABLE quarantine_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantine_report FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON quarantine_report TO net119_owner USING (true) WITH CHECK (true);
-- One store for all tenants, of which the application sees how much there is and how old, and no content.
CREATE POLICY intake ON quarantine_report TO net119_app USING (true) WITH CHECK (true);
GRANT INSERT, DELETE ON quarantine_report TO net119_app;
GRANT SELECT (id, received_at, source, what, why, raw_hash, delete_after) ON quarantine_report TO net119_app;

-- Looked up before a tenant is known, as lookup_link: ids, and the instant from which the return path's 90 days count.
CREATE POLICY lookup_report ON reminder FOR SELECT TO net119_lookup USING (return_path_hash IS NOT NULL OR message_id IS NOT NULL);
GRANT SELECT (return_path_hash, message_id, sent_at, accepted_at, due_at) ON reminder TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;
CREATE FUNCTION lookup_return_path(hash bytea)
  RETURNS TABLE (fire_hq_id uuid, account_id uuid, reminder_id uuid, address_id uuid, sent_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT r.fire_hq_id, r.account_id, r.id, r.address_id, coalesce(r.sent_at, r.accepted_at, r.due_at)
    FROM reminder r WHERE r.return_path_hash = hash;
  END;
CREATE FUNCTION lookup_message_id(wanted text)
  RETURNS TABLE (fire_hq_id uuid, account_id uuid, reminder_id uuid, address_id uuid, sent_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT r.fire_hq_id, r.account_id, r.id, r.address_id, coalesce(r.sent_at, r.accepted_at, r.due_at)
    FROM reminder r WHERE r.message_id COLLATE "C" = wanted;
  END;
ALTER FUNCTION lookup_return_path(bytea) OWNER TO net119_lookup;
ALTER FUNCTION lookup_message_id(text) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION lookup_return_path(bytea), lookup_message_id(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_return_path(bytea), lookup_message_id(text) TO net119_app;
