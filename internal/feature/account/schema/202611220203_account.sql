-- An invitation becomes an account, if there is none, and a mandate.
CREATE TABLE invitation (
  id           {{id}} PRIMARY KEY,
  email        {{text}} NOT NULL,
  email_key    {{id}} NOT NULL,
  name         {{text}} NOT NULL DEFAULT '',
  lang         {{id}} NOT NULL,                -- of the mail
  organisation {{id}} NOT NULL DEFAULT '',     -- '' = an account without a mandate
  speak        {{int}} NOT NULL DEFAULT 0,
  vote         {{int}} NOT NULL DEFAULT 0,
  sign         {{int}} NOT NULL DEFAULT 0,
  edit         {{int}} NOT NULL DEFAULT 0,
  since        {{int}} NOT NULL DEFAULT 0,     -- 0 = from the acceptance on
  until        {{int}} NOT NULL DEFAULT 0,
  document     {{id}} NOT NULL DEFAULT '',
  reference    {{text}} NOT NULL DEFAULT '',
  by_          {{id}} NOT NULL REFERENCES person (id),
  by_mandate   {{id}} NOT NULL DEFAULT '',
  link         {{id}} NOT NULL,                -- hash of the link's secret
  created      {{int}} NOT NULL,
  expires      {{int}} NOT NULL,
  withdrawn    {{int}} NOT NULL DEFAULT 0,
  accepted     {{int}} NOT NULL DEFAULT 0,
  person       {{id}} NOT NULL DEFAULT ''      -- who accepted
) {{strict}};
CREATE INDEX invitation_organisation ON invitation (organisation, created);
CREATE INDEX invitation_email ON invitation (email_key, organisation);
