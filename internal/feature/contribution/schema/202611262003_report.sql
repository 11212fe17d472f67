-- What somebody says is wrong on a page. Nothing tells who: an address that was
-- left is sealed, and goes with the answer.
CREATE TABLE error_report (
  id      {{id}} PRIMARY KEY,
  entry   {{id}} NOT NULL REFERENCES entry (id),
  reason  {{id}} NOT NULL,
  words   {{text}} NOT NULL DEFAULT '',
  lang    {{id}} NOT NULL,
  address {{text}} NOT NULL DEFAULT '',          -- sealed; '' = none was left, or it was answered
  at      {{int}} NOT NULL,
  settled {{int}} NOT NULL DEFAULT 0,
  outcome {{id}} NOT NULL DEFAULT ''             -- mended, kept, withdrawn
) {{strict}};
CREATE INDEX error_report_open ON error_report (settled, at);
