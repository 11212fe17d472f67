-- Backups that were taken, tried and failed: what the operator is told.
CREATE TABLE backup (
  id       {{id}} PRIMARY KEY,
  at       {{int}} NOT NULL,
  what     {{id}} NOT NULL,               -- backup, rehearsal
  file     {{text}} NOT NULL DEFAULT '',  -- name without the folder
  size     {{int}} NOT NULL DEFAULT 0,    -- octets
  rows_    {{int}} NOT NULL DEFAULT 0,
  files    {{int}} NOT NULL DEFAULT 0,
  took     {{int}} NOT NULL DEFAULT 0,    -- µs
  problem  {{text}} NOT NULL DEFAULT ''   -- '' = it went well
) {{strict}};
CREATE INDEX backup_at ON backup (what, at);
