-- Meetings and their workshops; what everybody reads of them is their entry.
CREATE TABLE assembly (
  entry     {{id}} PRIMARY KEY REFERENCES entry (id),
  timezone  {{id}} NOT NULL,
  venue     {{text}} NOT NULL DEFAULT '',
  online    {{text}} NOT NULL DEFAULT '',    -- address of the room online
  languages {{text}} NOT NULL DEFAULT '',    -- tags between spaces
  axes      {{text}} NOT NULL DEFAULT '',    -- codes between spaces
  by_hand   {{id}} NOT NULL DEFAULT '',      -- phase chosen by the committee, '' = by the dates
  moved     {{int}} NOT NULL DEFAULT 0
) {{strict}};

CREATE TABLE phase (
  assembly {{id}} NOT NULL REFERENCES entry (id),
  phase    {{id}} NOT NULL,
  starts   {{int}} NOT NULL,
  PRIMARY KEY (assembly, phase)
) {{strict}};

-- Every change of the phase by hand, with the reason that was given; append-only.
CREATE TABLE phase_move (
  id       {{id}} PRIMARY KEY,
  assembly {{id}} NOT NULL REFERENCES entry (id),
  at       {{int}} NOT NULL,
  person   {{id}} NOT NULL,
  was      {{id}} NOT NULL,
  became   {{id}} NOT NULL,                 -- '' = by the dates again
  reason   {{text}} NOT NULL                -- a text with its language
) {{strict}};
CREATE INDEX phase_move_assembly ON phase_move (assembly, at);

CREATE TABLE organiser (
  assembly     {{id}} NOT NULL REFERENCES entry (id),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  position     {{int}} NOT NULL,
  PRIMARY KEY (assembly, organisation)
) {{strict}};
CREATE INDEX organiser_organisation ON organiser (organisation);

CREATE TABLE programme (
  id       {{id}} PRIMARY KEY,
  assembly {{id}} NOT NULL REFERENCES entry (id),
  starts   {{int}} NOT NULL,                -- 0: only the order is known
  ends     {{int}} NOT NULL DEFAULT 0,
  position {{int}} NOT NULL,
  kind     {{id}} NOT NULL,                 -- plenary, workshop, committee, public
  title    {{text}} NOT NULL,
  place    {{text}} NOT NULL DEFAULT '',
  workshop {{id}} NOT NULL DEFAULT '',
  revision {{int}} NOT NULL
) {{strict}};
CREATE INDEX programme_assembly ON programme (assembly, position);

CREATE TABLE workshop (
  entry     {{id}} PRIMARY KEY REFERENCES entry (id),
  assembly  {{id}} NOT NULL REFERENCES entry (id),
  code      {{id}} NOT NULL,                -- what participants type; '' = nobody may join
  sequence  {{int}} NOT NULL,               -- 0 to come, 1 or 2 open, 3 closed, 4 between the two
  room      {{text}} NOT NULL DEFAULT '',
  languages {{text}} NOT NULL DEFAULT ''
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
