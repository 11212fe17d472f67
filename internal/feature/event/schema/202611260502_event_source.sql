-- Calendars of others that the coordination takes in.
CREATE TABLE event_source (
  id       {{id}} PRIMARY KEY,
  url      {{text}} NOT NULL,
  title    {{text}} NOT NULL,
  lang     {{id}} NOT NULL,                        -- its texts are in
  zone     {{id}} NOT NULL,                        -- of times without one
  added    {{int}} NOT NULL,
  by_      {{id}} NOT NULL DEFAULT '',
  stopped  {{int}} NOT NULL DEFAULT 0,
  etag     {{text}} NOT NULL DEFAULT '',
  modified {{text}} NOT NULL DEFAULT '',
  asked    {{int}} NOT NULL DEFAULT 0
) {{strict}};

-- What came of each visit.
CREATE TABLE event_run (
  id      {{id}} PRIMARY KEY,
  source  {{id}} NOT NULL REFERENCES event_source (id),
  at      {{int}} NOT NULL,
  took    {{int}} NOT NULL,                        -- micros
  outcome {{id}} NOT NULL,                         -- read, same, or why not
  counts  {{text}} NOT NULL DEFAULT '',            -- JSON
  said    {{text}} NOT NULL DEFAULT ''             -- what was not read and why, JSON
) {{strict}};
CREATE INDEX event_run_source ON event_run (source, at);

-- A file that somebody brings in: kept until it is applied, a day at most.
CREATE TABLE event_upload (
  id      {{id}} PRIMARY KEY,
  at      {{int}} NOT NULL,
  person  {{id}} NOT NULL,
  organisation {{id}} NOT NULL DEFAULT '',
  name    {{text}} NOT NULL,
  lang    {{id}} NOT NULL,
  zone    {{id}} NOT NULL,
  body    {{text}} NOT NULL,
  applied {{int}} NOT NULL DEFAULT 0
) {{strict}};
