-- Meetings and their workshops; what everybody reads of them is their entry.
CREATE TABLE assembly (
  entry    {{id}} PRIMARY KEY REFERENCES entry (id),
  timezone {{id}} NOT NULL,
  online   {{int}} NOT NULL DEFAULT 0,
  by_hand  {{id}} NOT NULL DEFAULT ''       -- phase chosen by the committee, '' = by the dates
) {{strict}};

CREATE TABLE phase (
  assembly {{id}} NOT NULL REFERENCES entry (id),
  phase    {{id}} NOT NULL,
  starts   {{int}} NOT NULL,
  PRIMARY KEY (assembly, phase)
) {{strict}};

CREATE TABLE programme (
  id       {{id}} PRIMARY KEY,
  assembly {{id}} NOT NULL REFERENCES entry (id),
  starts   {{int}} NOT NULL,                -- 0: only the order is known
  position {{int}} NOT NULL,
  kind     {{id}} NOT NULL,                 -- plenary, workshop, committee, public
  title    {{text}} NOT NULL,
  place    {{text}} NOT NULL DEFAULT ''
) {{strict}};
CREATE INDEX programme_assembly ON programme (assembly, starts, position);

CREATE TABLE workshop (
  entry     {{id}} PRIMARY KEY REFERENCES entry (id),
  assembly  {{id}} NOT NULL REFERENCES entry (id),
  code      {{id}} NOT NULL,                -- what participants type; '' = nobody may join
  sequence  {{int}} NOT NULL,               -- 0 to come, 1 or 2 open, 3 closed
  room      {{text}} NOT NULL DEFAULT ''
) {{strict}};
CREATE UNIQUE INDEX workshop_code ON workshop (code) WHERE code <> '';
CREATE INDEX workshop_assembly ON workshop (assembly);

CREATE TABLE attendance (
  assembly     {{id}} NOT NULL REFERENCES entry (id),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  registered   {{int}} NOT NULL,
  person       {{id}} NOT NULL DEFAULT '',
  present      {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (assembly, organisation)
) {{strict}};
CREATE INDEX attendance_organisation ON attendance (organisation);
