-- One thing had two records: one is kept, the other stands for it from then on.
-- Identifier, versions and side tables of the one given up stay as they were.
ALTER TABLE entry ADD COLUMN kept {{id}} NOT NULL DEFAULT '';  -- the entry it was merged into; '' = it stands for itself
CREATE INDEX entry_kept ON entry (kept) WHERE kept <> '';

CREATE TABLE record_merge (
  id        {{id}} PRIMARY KEY,
  kind      {{id}} NOT NULL,
  kept      {{id}} NOT NULL REFERENCES entry (id),
  given     {{id}} NOT NULL REFERENCES entry (id),
  state     {{id}} NOT NULL,                    -- of the one given up, before
  before_   {{text}} NOT NULL,                  -- the one kept as it was, JSON; '' = its words were erased
  revision  {{int}} NOT NULL,                   -- of the one kept, after
  person    {{id}} NOT NULL,
  at        {{int}} NOT NULL,
  undone    {{int}} NOT NULL DEFAULT 0,
  undone_by {{id}} NOT NULL DEFAULT ''
) {{strict}};
CREATE UNIQUE INDEX record_merge_given ON record_merge (given) WHERE undone = 0;
CREATE INDEX record_merge_kept ON record_merge (kept);
CREATE INDEX record_merge_at ON record_merge (at);

-- What pointed at the one given up, row by row, so that it can point back.
CREATE TABLE record_merge_row (
  merge   {{id}} NOT NULL REFERENCES record_merge (id),
  n       {{int}} NOT NULL,
  point   {{id}} NOT NULL,                      -- table.column
  key_    {{text}} NOT NULL,                    -- of the row, JSON
  whole   {{text}} NOT NULL DEFAULT '',         -- of a row that gave way to one the kept record had already, JSON
  PRIMARY KEY (merge, n)
) {{strict}};
