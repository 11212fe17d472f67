-- What a person was told.
CREATE TABLE notice (
  id      {{id}} PRIMARY KEY,
  person  {{id}} NOT NULL REFERENCES person (id),
  at      {{int}} NOT NULL,
  phrase  {{id}} NOT NULL,              -- phrase key
  english {{text}} NOT NULL,            -- its English text
  args    {{text}} NOT NULL DEFAULT '', -- JSON object of strings
  link    {{text}} NOT NULL DEFAULT '', -- path on this site
  read_at {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX notice_person ON notice (person, id);
CREATE INDEX notice_unread ON notice (person) WHERE read_at = 0;
