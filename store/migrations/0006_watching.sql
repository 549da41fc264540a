-- Watching delivery: figures of one headquarters, and counts of all for the operator. Expand only.

-- Not CONCURRENTLY, which no transaction may hold: writes wait some seconds for ten million rows, and senders wait longer.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reminder_sent_of_hq ON reminder (fire_hq_id, sent_at) WHERE sent_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX quarantine_report_list ON quarantine_report (received_at DESC, id DESC);

-- Counted for the operator, over all headquarters, by a role that sees these columns and nothing else. What the functions
-- return names no person: a domain by name only when at least 20 mails went to at least 5 people there (20 people where
-- people are counted), all others together as 'other'; the bounds stand here, so that no caller can lower them.
GRANT SELECT (purpose, bounce_class, proven_at) ON reminder TO net119_lookup;
GRANT SELECT (replied_at) ON mail_address TO net119_lookup;
GRANT CREATE ON SCHEMA public TO net119_lookup;

CREATE FUNCTION watch_mail_domains(since timestamptz)
  RETURNS TABLE (mail_domain text, sent bigint, failed bigint, failed_ours bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    WITH by_domain AS (
      SELECT m.mail_domain, count(*) AS sent, count(DISTINCT m.id) AS people,
        count(*) FILTER (WHERE r.outcome IN ('BOUNCED', 'FAILED')) AS failed,
        count(*) FILTER (WHERE r.outcome = 'FAILED') AS failed_ours
      FROM fire_hq h
      JOIN reminder r ON r.fire_hq_id = h.id AND r.sent_at >= since AND r.outcome NOT IN ('SKIPPED', 'SUPERSEDED')
      JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
      GROUP BY m.mail_domain
    )
    SELECT CASE WHEN d.sent >= 20 AND d.people >= 5 THEN d.mail_domain ELSE 'other' END,
      sum(d.sent)::bigint, sum(d.failed)::bigint, sum(d.failed_ours)::bigint
    FROM by_domain d GROUP BY 1;
  END;

CREATE FUNCTION watch_fire_hqs(since timestamptz)
  RETURNS TABLE (code text, sent bigint, failed bigint, failed_ours bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    SELECT h.code, count(*), count(*) FILTER (WHERE r.outcome IN ('BOUNCED', 'FAILED')),
      count(*) FILTER (WHERE r.outcome = 'FAILED')
    FROM fire_hq h
    JOIN reminder r ON r.fire_hq_id = h.id AND r.sent_at >= since AND r.outcome NOT IN ('SKIPPED', 'SUPERSEDED')
    GROUP BY h.code;
  END;

-- People (addresses) whose reminder was accepted, sent from `since` to before `until`; answered by the link of a reminder
-- or by a reply that staff noted, since the first of those mails.
CREATE FUNCTION watch_unanswered(since timestamptz, until timestamptz)
  RETURNS TABLE (mail_domain text, asked bigint, unanswered bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  BEGIN ATOMIC
    WITH mailed AS (
      SELECT r.fire_hq_id, r.address_id, min(r.sent_at) AS first_at
      FROM fire_hq h
      JOIN reminder r ON r.fire_hq_id = h.id AND r.sent_at >= since AND r.sent_at < until
        AND r.purpose = 'REMINDER' AND r.outcome IN ('ACCEPTED', 'CONFIRMED')
      GROUP BY r.fire_hq_id, r.address_id
    ), by_domain AS (
      SELECT m.mail_domain, count(*) AS asked, count(*) FILTER (WHERE NOT (coalesce(m.replied_at >= a.first_at, false)
        OR EXISTS (SELECT FROM reminder p WHERE p.fire_hq_id = a.fire_hq_id AND p.address_id = a.address_id
          AND p.purpose = 'REMINDER' AND p.proven_at >= a.first_at))) AS unanswered
      FROM mailed a JOIN mail_address m ON m.fire_hq_id = a.fire_hq_id AND m.id = a.address_id
      GROUP BY m.mail_domain
    )
    SELECT CASE WHEN d.asked >= 20 THEN d.mail_domain ELSE 'other' END, sum(d.asked)::bigint, sum(d.unanswered)::bigint
    FROM by_domain d GROUP BY 1;
  END;

ALTER FUNCTION watch_mail_domains(timestamptz) OWNER TO net119_lookup;
ALTER FUNCTION watch_fire_hqs(timestamptz) OWNER TO net119_lookup;
ALTER FUNCTION watch_unanswered(timestamptz, timestamptz) OWNER TO net119_lookup;
REVOKE CREATE ON SCHEMA public FROM net119_lookup;
REVOKE EXECUTE ON FUNCTION watch_mail_domains(timestamptz), watch_fire_hqs(timestamptz),
  watch_unanswered(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION watch_mail_domains(timestamptz), watch_fire_hqs(timestamptz),
  watch_unanswered(timestamptz, timestamptz) TO net119_app;
