-- What the directory knows of an organisation beyond its entry.
CREATE TABLE organisation_profile (
  entry      {{id}} PRIMARY KEY REFERENCES entry (id),
  website    {{text}} NOT NULL DEFAULT '',
  site_key   {{key}} NOT NULL DEFAULT '',   -- host of the website, folded: two rows with one site are one organisation
  name_key   {{key}} NOT NULL,              -- folded name, country and kind as they are
  source     {{text}} NOT NULL DEFAULT '',  -- where the entry comes from, in words
  source_key {{key}} NOT NULL DEFAULT '',   -- folded name, country and kind as a list printed them
  batch      {{id}} NOT NULL DEFAULT '',    -- the import that made it
  invented   {{int}} NOT NULL DEFAULT 0     -- of the demonstration
) {{strict}};
CREATE INDEX organisation_profile_name ON organisation_profile (name_key);
CREATE INDEX organisation_profile_source ON organisation_profile (source_key);
CREATE INDEX organisation_profile_site ON organisation_profile (site_key);
CREATE INDEX organisation_profile_batch ON organisation_profile (batch);

CREATE TABLE organisation_language (
  entry    {{id}} NOT NULL REFERENCES entry (id),
  language {{id}} NOT NULL,
  PRIMARY KEY (language, entry)
) {{strict}};
CREATE INDEX organisation_language_entry ON organisation_language (entry, language);

-- An organisation may work on several axes; the entry's own column holds one.
CREATE TABLE organisation_axis (
  entry {{id}} NOT NULL REFERENCES entry (id),
  axis  {{id}} NOT NULL,
  PRIMARY KEY (axis, entry)
) {{strict}};
CREATE INDEX organisation_axis_entry ON organisation_axis (entry, axis);

-- What somebody found wrong, with or without an account.
CREATE TABLE organisation_correction (
  id      {{id}} PRIMARY KEY,
  entry   {{id}} NOT NULL REFERENCES entry (id),
  at      {{int}} NOT NULL,
  person  {{id}} NOT NULL DEFAULT '',
  words   {{text}} NOT NULL,
  proof   {{text}} NOT NULL DEFAULT '',
  settled {{int}} NOT NULL DEFAULT 0,
  settled_by {{id}} NOT NULL DEFAULT ''
) {{strict}};
CREATE INDEX organisation_correction_open ON organisation_correction (settled, at);
CREATE INDEX organisation_correction_entry ON organisation_correction (entry, at);

-- A list that somebody brings in: kept with every choice until it is applied, and after.
CREATE TABLE import_batch (
  id      {{id}} PRIMARY KEY,
  at      {{int}} NOT NULL,
  person  {{id}} NOT NULL,
  name    {{text}} NOT NULL,                 -- of the file
  lang    {{id}} NOT NULL,                   -- the list is written in
  columns {{text}} NOT NULL,                 -- what each column holds, JSON
  heading {{int}} NOT NULL DEFAULT 1,        -- the first line names the columns
  state   {{id}} NOT NULL,                   -- mapping, draft, applied, undone
  facts   {{text}} NOT NULL DEFAULT '',      -- how the file was read, JSON
  applied {{int}} NOT NULL DEFAULT 0,
  undone  {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX import_batch_at ON import_batch (at);

CREATE TABLE import_row (
  batch   {{id}} NOT NULL REFERENCES import_batch (id),
  n       {{int}} NOT NULL,                  -- line order, from 1
  cells   {{text}} NOT NULL,                 -- as in the file, JSON
  doubts  {{text}} NOT NULL DEFAULT '',      -- what was found, JSON
  choice  {{text}} NOT NULL DEFAULT '',      -- what somebody decided, JSON; '' = open
  source_key {{key}} NOT NULL DEFAULT '',
  entry   {{id}} NOT NULL DEFAULT '',        -- what came of it
  outcome {{id}} NOT NULL DEFAULT '',        -- added, restored, same, unchanged, skipped; after an undo: undone, or why it stays
  revision {{int}} NOT NULL DEFAULT 0,       -- of the entry when this row made it
  PRIMARY KEY (batch, n)
) {{strict}};
CREATE INDEX import_row_source ON import_row (source_key);
