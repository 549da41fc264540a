-- Records of contact (R32): a mail that staff wrote is a kind of its own, and a mistaken record is cancelled by a further
-- row, because records are append-only. Expand only.

-- Not validated: every row there is has passed the narrower check.
ALTER TABLE contact_record DROP CONSTRAINT contact_record_kind_check;
ALTER TABLE contact_record ADD CONSTRAINT contact_record_kind_check CHECK (kind IN ('FAX_SENT', 'ANSWERED', 'POST_SENT',
  'POST_RETURNED', 'COUNTER_PERSON', 'COUNTER_FAMILY', 'NO_ANSWER', 'MAIL_REPLY', 'MAIL_SENT')) NOT VALID;

CREATE TABLE contact_cancellation (
  fire_hq_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  reason text NOT NULL,
  cancelled_by text NOT NULL,
  cancelled_at timestamptz NOT NULL,
  PRIMARY KEY (fire_hq_id, contact_id),
  FOREIGN KEY (fire_hq_id, contact_id) REFERENCES contact_record (fire_hq_id, id)
);
COMMENT ON TABLE contact_cancellation IS 'R32 取り消し: this record was a mistake. It stays to be read, and counts for nothing.';
ALTER TABLE contact_cancellation ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_cancellation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON contact_cancellation TO net119_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant ON contact_cancellation TO net119_app USING (fire_hq_id = current_fire_hq()) WITH CHECK (fire_hq_id = current_fire_hq());
GRANT SELECT, INSERT ON contact_cancellation TO net119_app;
