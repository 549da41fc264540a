-- A mail that somebody called a nuisance. Expand only: a release without it runs on.

ALTER TABLE reminder ADD COLUMN complained_at timestamptz;
COMMENT ON COLUMN reminder.complained_at IS 'When a complaint (迷惑メール) about this mail first came; it changes neither outcome nor address (R23).';
