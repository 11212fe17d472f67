-- Persons are accounts; organisations act; a mandate joins them.
CREATE TABLE person (
  id            {{id}} PRIMARY KEY,
  name          {{text}} NOT NULL,
  email         {{text}} NOT NULL,             -- as typed
  email_key     {{id}} NOT NULL,               -- folded; unique unless erased
  lang          {{id}} NOT NULL,               -- language of mails
  password      {{text}} NOT NULL DEFAULT '',  -- Argon2id, encoded; '' = links only
  created       {{int}} NOT NULL,
  erased        {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE UNIQUE INDEX person_email ON person (email_key) WHERE email_key <> '';

CREATE TABLE organisation (
  id        {{id}} PRIMARY KEY,                -- the same as of its entry, its public profile
  kind      {{id}} NOT NULL,
  name      {{text}} NOT NULL,
  name_key  {{key}} NOT NULL,
  country   {{id}} NOT NULL DEFAULT '',
  created   {{int}} NOT NULL,
  withdrawn {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX organisation_name ON organisation (name_key, id);

CREATE TABLE mandate (
  id           {{id}} PRIMARY KEY,
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  person       {{id}} NOT NULL REFERENCES person (id),
  speak        {{int}} NOT NULL DEFAULT 0,
  vote         {{int}} NOT NULL DEFAULT 0,
  sign         {{int}} NOT NULL DEFAULT 0,
  edit         {{int}} NOT NULL DEFAULT 0,
  since        {{int}} NOT NULL,
  until        {{int}} NOT NULL DEFAULT 0,     -- 0 = open
  document     {{id}} NOT NULL DEFAULT '',     -- file
  reference    {{text}} NOT NULL DEFAULT '',   -- date and number of the deliberation
  granted_by   {{id}} NOT NULL DEFAULT '',
  granted      {{int}} NOT NULL,
  ended        {{int}} NOT NULL DEFAULT 0,
  ended_by     {{id}} NOT NULL DEFAULT ''
) {{strict}};
CREATE INDEX mandate_person ON mandate (person);
CREATE INDEX mandate_organisation ON mandate (organisation);

-- A role is held by a person for the whole alliance (scope '') or for one
-- assembly or workshop (scope = its entry).
CREATE TABLE role (
  person  {{id}} NOT NULL REFERENCES person (id),
  role    {{id}} NOT NULL,
  scope   {{id}} NOT NULL DEFAULT '',
  granted {{int}} NOT NULL,
  by_     {{id}} NOT NULL DEFAULT '',
  PRIMARY KEY (person, role, scope)
) {{strict}};
CREATE INDEX role_scope ON role (scope, role);

CREATE TABLE session (
  hash    {{id}} PRIMARY KEY,                  -- SHA-256 of the cookie
  id      {{id}} NOT NULL,                     -- shown in the list of sessions
  person  {{id}} NOT NULL REFERENCES person (id),
  mandate {{id}} NOT NULL DEFAULT '',          -- for whom the person acts
  agent   {{text}} NOT NULL DEFAULT '',
  flash   {{text}} NOT NULL DEFAULT '',
  created {{int}} NOT NULL,
  proved  {{int}} NOT NULL,                    -- last time the person proved who they are
  seen    {{int}} NOT NULL,
  expires {{int}} NOT NULL
) {{strict}};
CREATE INDEX session_person ON session (person);

-- Links sent by e-mail: sign-in, invitation, set-up. Single use.
CREATE TABLE link (
  hash      {{id}} PRIMARY KEY,
  purpose   {{id}} NOT NULL,
  email_key {{id}} NOT NULL DEFAULT '',
  data      {{text}} NOT NULL DEFAULT '',
  created   {{int}} NOT NULL,
  expires   {{int}} NOT NULL,
  used      {{int}} NOT NULL DEFAULT 0
) {{strict}};

CREATE TABLE token (
  hash      {{id}} PRIMARY KEY,
  id        {{id}} NOT NULL,
  person    {{id}} NOT NULL REFERENCES person (id),
  mandate   {{id}} NOT NULL DEFAULT '',
  name      {{text}} NOT NULL,
  reads     {{int}} NOT NULL DEFAULT 1,
  writes    {{int}} NOT NULL DEFAULT 0,
  created   {{int}} NOT NULL,
  expires   {{int}} NOT NULL DEFAULT 0,
  seen      {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX token_person ON token (person);

-- Failed attempts, counted per account and kept an hour.
CREATE TABLE attempt (
  id   {{id}} PRIMARY KEY,
  key_ {{id}} NOT NULL,
  at   {{int}} NOT NULL
) {{strict}};
CREATE INDEX attempt_key ON attempt (key_, at);
