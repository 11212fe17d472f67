-- Somebody says that they act for an organisation of the directory. Who they are
-- is sealed, and erased with the decision.
CREATE TABLE claim (
  id           {{id}} PRIMARY KEY,
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  hash         {{key}} NOT NULL,                -- of the secret in the claimant's link
  sealed       {{text}} NOT NULL DEFAULT '',    -- name, role, address, language, what proves it; '' once it is over
  document     {{id}} NOT NULL DEFAULT '',      -- file
  same_site    {{int}} NOT NULL DEFAULT 0,      -- 1: the address is at the organisation's web site: a sign, no proof
  state        {{id}} NOT NULL,                 -- asked, waiting, accepted, refused, expired
  at           {{int}} NOT NULL,
  widened      {{int}} NOT NULL DEFAULT 0,      -- how many pairs let their time go by
  due          {{int}} NOT NULL DEFAULT 0,      -- when the next wider pair may decide, too; 0 = never
  until        {{int}} NOT NULL,                -- the claimant's link works until
  ended        {{int}} NOT NULL DEFAULT 0,
  reason       {{id}} NOT NULL DEFAULT ''       -- of a refusal
) {{strict}};
CREATE UNIQUE INDEX claim_hash ON claim (hash);
CREATE INDEX claim_state ON claim (state, at);
CREATE INDEX claim_organisation ON claim (organisation, state);

-- What the seats said, and an objection of those who speak for it already.
CREATE TABLE claim_said (
  claim        {{id}} NOT NULL REFERENCES claim (id),
  seat         {{id}} NOT NULL,                 -- authority, association, coordination, own
  organisation {{id}} NOT NULL DEFAULT '',
  person       {{id}} NOT NULL DEFAULT '',
  act          {{id}} NOT NULL,                 -- agree, refuse, object
  reason       {{id}} NOT NULL DEFAULT '',
  words        {{text}} NOT NULL DEFAULT '',    -- to the claimant; of an objection: to those who decide
  scopes       {{id}} NOT NULL DEFAULT '',      -- what the mandate would allow, between spaces
  ends         {{int}} NOT NULL DEFAULT 0,      -- of the mandate
  at           {{int}} NOT NULL,
  PRIMARY KEY (claim, seat)
) {{strict}};
