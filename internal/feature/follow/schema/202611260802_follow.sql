-- Who follows: an account, or an address that its owner confirmed.
CREATE TABLE follower (
  id        {{id}} PRIMARY KEY,
  person    {{id}} NOT NULL DEFAULT '',
  email     {{text}} NOT NULL DEFAULT '',  -- as typed; '' for an account, which has its own
  email_key {{id}} NOT NULL DEFAULT '',
  lang      {{id}} NOT NULL DEFAULT '',    -- of mails to an address
  pace      {{id}} NOT NULL,               -- now, daily, weekly, never
  hour      {{int}} NOT NULL,
  zone      {{id}} NOT NULL,
  told      {{int}} NOT NULL,              -- the journal's line up to which everything was told
  due       {{int}} NOT NULL,              -- of the next digest
  created   {{int}} NOT NULL
) {{strict}};
CREATE UNIQUE INDEX follower_person ON follower (person) WHERE person <> '';
CREATE UNIQUE INDEX follower_email ON follower (email_key) WHERE email_key <> '';
CREATE INDEX follower_due ON follower (pace, due);

-- What is followed: one entry with all that is within or by it, or a search.
CREATE TABLE follow (
  id       {{id}} PRIMARY KEY,
  follower {{id}} NOT NULL REFERENCES follower (id),
  entry    {{id}} NOT NULL DEFAULT '',
  query    {{text}} NOT NULL DEFAULT '',   -- a search, as the query of its address
  mark     {{id}} NOT NULL,                -- of entry or query: each is followed once
  name     {{text}} NOT NULL DEFAULT '',   -- given to a search by its follower
  since    {{int}} NOT NULL,               -- the journal's line: what came before is no news
  created  {{int}} NOT NULL
) {{strict}};
CREATE UNIQUE INDEX follow_once ON follow (follower, mark);
CREATE INDEX follow_entry ON follow (entry) WHERE entry <> '';
