-- What an event is beyond its entry. Starts and ends of the entry are those of
-- its first date; event_date holds all of them.
CREATE TABLE event (
  entry       {{id}} PRIMARY KEY REFERENCES entry (id),
  zone        {{id}} NOT NULL,                     -- IANA name: its hours are hours of that place
  all_day     {{int}} NOT NULL DEFAULT 0,
  endless     {{int}} NOT NULL DEFAULT 0,          -- when it ends was not told
  venue       {{text}} NOT NULL DEFAULT '',        -- house, street: for all only where the place is exact
  online      {{text}} NOT NULL DEFAULT '',        -- link
  quiet       {{int}} NOT NULL DEFAULT 0,          -- the link is told only to those who registered
  link        {{text}} NOT NULL DEFAULT '',        -- page about it elsewhere
  languages   {{text}} NOT NULL DEFAULT '',        -- spoken, BCP 47, between spaces: ' fr ar '
  interpreted {{text}} NOT NULL DEFAULT '',        -- translated aloud into
  access      {{text}} NOT NULL DEFAULT '',        -- codes of access needs that are met
  umbrella    {{id}} NOT NULL DEFAULT '',          -- the day that unites it stands under
  rule        {{text}} NOT NULL DEFAULT '',        -- RRULE, '' = once
  except_     {{text}} NOT NULL DEFAULT '',        -- dates left out, micros between spaces
  cancelled   {{int}} NOT NULL DEFAULT 0,
  invented    {{int}} NOT NULL DEFAULT 0,          -- of the demonstration
  registers   {{int}} NOT NULL DEFAULT 0,          -- people can register
  capacity    {{int}} NOT NULL DEFAULT 0,          -- places, 0 = no limit
  closes      {{int}} NOT NULL DEFAULT 0,          -- registration, 0 = when it begins
  keep_days   {{int}} NOT NULL DEFAULT 30,         -- registrations are erased so many days after
  source      {{id}} NOT NULL DEFAULT '',          -- the calendar it came from
  uid         {{key}} NOT NULL DEFAULT '',         -- there
  digest      {{id}} NOT NULL DEFAULT '',          -- of what was read there
  gone        {{int}} NOT NULL DEFAULT 0           -- withdrawn because it is gone there
) {{strict}};
CREATE INDEX event_under ON event (umbrella);
CREATE INDEX event_read ON event (source, uid);

-- Every date of an event within reach: what lists, months and likeness look at.
CREATE TABLE event_date (
  event  {{id}} NOT NULL REFERENCES event (entry),
  at     {{int}} NOT NULL,                         -- as the rule gives it
  starts {{int}} NOT NULL,                         -- as it is, when it was moved
  ends   {{int}} NOT NULL,                         -- excluded
  day    {{int}} NOT NULL,                         -- 20261218, at the place
  last   {{int}} NOT NULL,                         -- its last day
  PRIMARY KEY (event, at)
) {{strict}};
CREATE INDEX event_date_starts ON event_date (starts, event);
CREATE INDEX event_date_ends ON event_date (ends, event);

-- One date of a repeated event that differs from the rule.
CREATE TABLE event_change (
  event     {{id}} NOT NULL REFERENCES event (entry),
  at        {{int}} NOT NULL,
  starts    {{int}} NOT NULL,
  ends      {{int}} NOT NULL,
  cancelled {{int}} NOT NULL DEFAULT 0,
  note      {{text}} NOT NULL DEFAULT '',          -- words in languages, JSON
  PRIMARY KEY (event, at)
) {{strict}};

-- Who organises; shown once the organisation said so itself.
CREATE TABLE event_organiser (
  event        {{id}} NOT NULL REFERENCES event (entry),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  position     {{int}} NOT NULL,
  confirmed    {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (event, organisation)
) {{strict}};
CREATE INDEX event_organiser_of ON event_organiser (organisation, event);

-- Who of ours goes to a gathering of others: organisations, in the open.
CREATE TABLE event_going (
  event        {{id}} NOT NULL REFERENCES event (entry),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  person       {{id}} NOT NULL DEFAULT '',         -- who said so
  at           {{int}} NOT NULL,
  PRIMARY KEY (event, organisation)
) {{strict}};
CREATE INDEX event_going_of ON event_going (organisation, event);

-- Who comes. Nothing here is readable without the key of the house, and all of
-- it is erased some days after the event.
CREATE TABLE event_registration (
  id        {{id}} PRIMARY KEY,
  event     {{id}} NOT NULL REFERENCES event (entry),
  person    {{id}} NOT NULL DEFAULT '',            -- '' = without an account
  mark      {{key}} NOT NULL,                      -- of person or address, to be known again
  hash      {{key}} NOT NULL,                      -- of the secret in the link
  sealed    {{text}} NOT NULL,                     -- nickname, needs, address, language
  state     {{id}} NOT NULL,                       -- asked, in, waiting
  at        {{int}} NOT NULL,
  turn      {{int}} NOT NULL DEFAULT 0             -- when it was confirmed: order of the waiting list
) {{strict}};
CREATE UNIQUE INDEX event_registration_mark ON event_registration (event, mark);
CREATE UNIQUE INDEX event_registration_hash ON event_registration (hash);
CREATE INDEX event_registration_state ON event_registration (event, state, turn);
