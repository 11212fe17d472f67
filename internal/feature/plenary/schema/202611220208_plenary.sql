-- Motions, the roll frozen at opening, and the ballots.
CREATE TABLE motion (
  entry      {{id}} PRIMARY KEY REFERENCES entry (id),
  assembly   {{id}} NOT NULL REFERENCES entry (id),
  number     {{int}} NOT NULL,
  becomes    {{id}} NOT NULL,                  -- what an adopted one becomes: action or principle
  state      {{id}} NOT NULL,                  -- coming, open, decided, withdrawn
  secret     {{int}} NOT NULL,
  revisable  {{int}} NOT NULL,
  rule       {{text}} NOT NULL DEFAULT '',     -- frozen at opening
  opened     {{int}} NOT NULL DEFAULT 0,
  closes     {{int}} NOT NULL DEFAULT 0,       -- the first instant at which no vote counts
  file       {{text}} NOT NULL DEFAULT '',     -- what was counted, in its one form
  result     {{text}} NOT NULL DEFAULT '',
  outcome    {{id}} NOT NULL DEFAULT '',
  item       {{id}} NOT NULL DEFAULT ''        -- the adopted item
) {{strict}};
CREATE INDEX motion_assembly ON motion (assembly, number);

CREATE TABLE roll (
  motion       {{id}} NOT NULL REFERENCES motion (entry),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  college      {{id}} NOT NULL,
  voices       {{int}} NOT NULL,
  present      {{int}} NOT NULL,
  votes        {{int}} NOT NULL DEFAULT 0,     -- how often it voted; in a secret vote this is its signature
  PRIMARY KEY (motion, organisation)
) {{strict}};

-- An open ballot names its voter. A secret one names a college and a random
-- identifier: no voter, no mandate, no time, and no link to the roll.
CREATE TABLE ballot (
  motion  {{id}} NOT NULL REFERENCES motion (entry),
  id      {{id}} NOT NULL,
  voter   {{id}} NOT NULL DEFAULT '',
  college {{id}} NOT NULL DEFAULT '',
  mandate {{id}} NOT NULL DEFAULT '',
  choice  {{id}} NOT NULL,
  channel {{id}} NOT NULL,
  batch   {{id}} NOT NULL DEFAULT '',
  at      {{int}} NOT NULL DEFAULT 0,
  turn    {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (motion, id, turn)
) {{strict}};
CREATE UNIQUE INDEX ballot_voter ON ballot (motion, voter, turn) WHERE voter <> '';

CREATE TABLE paper_batch (
  motion     {{id}} NOT NULL REFERENCES motion (entry),
  id         {{id}} NOT NULL,
  handed_out {{int}} NOT NULL,
  entered    {{int}} NOT NULL,
  spoilt     {{int}} NOT NULL,
  person     {{id}} NOT NULL,
  at         {{int}} NOT NULL,
  PRIMARY KEY (motion, id)
) {{strict}};

CREATE TABLE amendment (
  entry   {{id}} PRIMARY KEY REFERENCES entry (id),
  motion  {{id}} NOT NULL REFERENCES motion (entry),
  field   {{id}} NOT NULL,                     -- which text of the motion it changes
  base    {{text}} NOT NULL,                   -- the words it was written against
  state   {{id}} NOT NULL                      -- proposed, accepted, refused
) {{strict}};
CREATE INDEX amendment_motion ON amendment (motion);
