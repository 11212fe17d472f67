-- Second factors. An authenticator app has one secret per person, sealed with
-- the key of the house; step is the last one whose code was taken.
CREATE TABLE factor (
  person  {{id}} PRIMARY KEY REFERENCES person (id),
  secret  {{text}} NOT NULL,
  step    {{int}} NOT NULL DEFAULT 0,
  created {{int}} NOT NULL
) {{strict}};

-- Codes to keep on paper, each works once. Only a keyed mark is kept.
CREATE TABLE recovery (
  person {{id}} NOT NULL REFERENCES person (id),
  mark   {{id}} NOT NULL,
  used   {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (person, mark)
) {{strict}};

-- Browsers a person has signed in with: a cookie's hash, no name, no address.
CREATE TABLE device (
  person {{id}} NOT NULL REFERENCES person (id),
  hash   {{id}} NOT NULL,
  seen   {{int}} NOT NULL,
  PRIMARY KEY (person, hash)
) {{strict}};

-- Roles whose rights count only in a session that has shown a second factor.
CREATE TABLE factor_rule (
  role {{id}} PRIMARY KEY
) {{strict}};
ALTER TABLE organisation ADD COLUMN factor {{int}} NOT NULL DEFAULT 0;

ALTER TABLE session ADD COLUMN half {{int}} NOT NULL DEFAULT 0;    -- 1: the second factor is still to be shown
ALTER TABLE session ADD COLUMN factor {{int}} NOT NULL DEFAULT 0;  -- 1: a second factor was shown
ALTER TABLE token ADD COLUMN factor {{int}} NOT NULL DEFAULT 0;    -- 1: made in such a session
