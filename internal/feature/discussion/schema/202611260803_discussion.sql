-- What people say under an entry. A comment is no entry: it has no audience of
-- its own and is seen by whoever sees the entry.
CREATE TABLE comment (
  id           {{id}} PRIMARY KEY,
  entry        {{id}} NOT NULL REFERENCES entry (id),
  thread       {{id}} NOT NULL,               -- the comment it all began with; itself for that one
  answers      {{id}} NOT NULL DEFAULT '',    -- the comment it answers
  depth        {{int}} NOT NULL,
  path         {{key}} NOT NULL,              -- identifiers from the thread down: the order of reading
  summary      {{int}} NOT NULL DEFAULT 0,    -- 1: what the discussion came to, pinned above it
  person       {{id}} NOT NULL,
  organisation {{id}} NOT NULL DEFAULT '',
  mandate      {{id}} NOT NULL DEFAULT '',
  words        {{text}} NOT NULL,             -- in their languages, JSON; '' when they were taken out
  at           {{int}} NOT NULL,
  changed      {{int}} NOT NULL,
  revision     {{int}} NOT NULL,
  state        {{id}} NOT NULL,               -- said, withdrawn, hidden
  closed       {{int}} NOT NULL DEFAULT 0     -- of a thread: nobody answers any more since
) {{strict}};
CREATE INDEX comment_order ON comment (entry, summary, path);
CREATE INDEX comment_person ON comment (person);

-- Every version of the words, until their author takes them back.
CREATE TABLE comment_version (
  comment  {{id}} NOT NULL REFERENCES comment (id),
  revision {{int}} NOT NULL,
  at       {{int}} NOT NULL,
  person   {{id}} NOT NULL,
  words    {{text}} NOT NULL,
  PRIMARY KEY (comment, revision)
) {{strict}};

-- What moderators did. The note is for the author, the rest is public.
CREATE TABLE moderation (
  id      {{id}} PRIMARY KEY,
  comment {{id}} NOT NULL REFERENCES comment (id),
  entry   {{id}} NOT NULL REFERENCES entry (id),
  act     {{id}} NOT NULL,                    -- hidden, shown, closed, opened, kept
  reason  {{id}} NOT NULL DEFAULT '',
  note    {{text}} NOT NULL DEFAULT '',
  person  {{id}} NOT NULL,
  at      {{int}} NOT NULL
) {{strict}};
CREATE INDEX moderation_comment ON moderation (comment, id);

-- Comments that somebody pointed to. Visitors may: no address is kept.
CREATE TABLE report (
  id      {{id}} PRIMARY KEY,
  comment {{id}} NOT NULL REFERENCES comment (id),
  person  {{id}} NOT NULL DEFAULT '',
  reason  {{id}} NOT NULL,
  note    {{text}} NOT NULL DEFAULT '',
  at      {{int}} NOT NULL,
  settled {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX report_open ON report (settled, at);
CREATE INDEX report_comment ON report (comment);
