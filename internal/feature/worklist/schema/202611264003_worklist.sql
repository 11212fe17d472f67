-- Who looks after an entry next.
CREATE TABLE work_assigned (
  entry  {{id}} PRIMARY KEY REFERENCES entry (id),
  person {{id}} NOT NULL REFERENCES person (id),
  at     {{int}} NOT NULL
) {{strict}};
CREATE INDEX work_assigned_person ON work_assigned (person);

-- Views that coordinators share: a list as it stands in its address.
CREATE TABLE work_view (
  id      {{id}} PRIMARY KEY,
  kind    {{id}} NOT NULL,
  name    {{text}} NOT NULL,
  query   {{text}} NOT NULL,
  person  {{id}} NOT NULL,
  created {{int}} NOT NULL
) {{strict}};
CREATE INDEX work_view_kind ON work_view (kind, created);

-- A change of many at once, with what was before, so that it can be taken back.
CREATE TABLE work_batch (
  id     {{id}} PRIMARY KEY,
  kind   {{id}} NOT NULL,
  person {{id}} NOT NULL,
  at     {{int}} NOT NULL,
  change {{text}} NOT NULL,              -- what was asked, JSON
  undone {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX work_batch_at ON work_batch (at);
CREATE TABLE work_row (
  batch    {{id}} NOT NULL REFERENCES work_batch (id),
  entry    {{id}} NOT NULL REFERENCES entry (id),
  n        {{int}} NOT NULL,
  was      {{text}} NOT NULL,            -- before, JSON
  revision {{int}} NOT NULL,             -- after
  PRIMARY KEY (batch, entry)
) {{strict}};
