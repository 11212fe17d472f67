-- What ends soon, of which people were told: each stage once.
CREATE TABLE ending_told (
  of_     {{id}} NOT NULL,                     -- mandate, vote, or the kind of a record
  subject {{id}} NOT NULL,                     -- mandate or record
  last    {{id}} NOT NULL,                     -- last day, 2026-12-31
  ahead   {{int}} NOT NULL,                    -- days ahead of it
  at      {{int}} NOT NULL,
  PRIMARY KEY (of_, subject, last, ahead)
) {{strict}};

-- Who wants no mails about it.
CREATE TABLE ending_quiet (
  person {{id}} PRIMARY KEY REFERENCES person (id),
  at     {{int}} NOT NULL
) {{strict}};

-- Somebody took over from another, with what the other looked after.
CREATE TABLE handover (
  id           {{id}} PRIMARY KEY,
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  old          {{id}} NOT NULL,                -- mandate
  mandate      {{id}} NOT NULL,                -- that took its place
  from_        {{id}} NOT NULL,                -- person
  to_          {{id}} NOT NULL,                -- person
  shares       {{int}} NOT NULL DEFAULT 0,     -- of checking rounds, passed on at once
  work         {{int}} NOT NULL DEFAULT 0,     -- of working lists, passed on at once
  at           {{int}} NOT NULL
) {{strict}};
CREATE INDEX handover_to ON handover (to_, at);
CREATE INDEX handover_of ON handover (organisation, at);
CREATE TABLE handover_thing (
  handover {{id}} NOT NULL REFERENCES handover (id),
  n        {{int}} NOT NULL,
  what     {{id}} NOT NULL,                    -- contact, action, record, vote
  entry    {{id}} NOT NULL REFERENCES entry (id),
  named    {{int}} NOT NULL DEFAULT 0,         -- 1: who left stands in it
  state    {{id}} NOT NULL DEFAULT 'todo',     -- todo, taken, done
  at       {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (handover, n)
) {{strict}};

-- Elections after which those concerned are asked whether all is still so.
CREATE TABLE election (
  id           {{id}} PRIMARY KEY,
  organisation {{id}} NOT NULL DEFAULT '',     -- whose; '' = of a country
  country      {{id}} NOT NULL DEFAULT '',     -- whose authorities are elected
  day          {{id}} NOT NULL,                -- 2026-12-06
  asked        {{int}} NOT NULL DEFAULT 0,     -- 0 = to come
  by_          {{id}} NOT NULL DEFAULT '',
  at           {{int}} NOT NULL
) {{strict}};
CREATE UNIQUE INDEX election_once ON election (organisation, country, day);
CREATE INDEX election_due ON election (asked, day);
CREATE TABLE election_ask (
  election     {{id}} NOT NULL REFERENCES election (id),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  at           {{int}} NOT NULL,
  PRIMARY KEY (election, organisation)
) {{strict}};
CREATE TABLE election_said (
  election     {{id}} NOT NULL REFERENCES election (id),
  organisation {{id}} NOT NULL,
  what         {{id}} NOT NULL,                -- mandate, contact
  subject      {{id}} NOT NULL,                -- what is still so
  person       {{id}} NOT NULL DEFAULT '',     -- who said it
  at           {{int}} NOT NULL,
  PRIMARY KEY (election, organisation, subject)
) {{strict}};
