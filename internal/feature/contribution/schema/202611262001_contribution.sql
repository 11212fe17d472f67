-- What people without an account propose: a record that is not one yet. It
-- becomes an entry when a pair of validators agrees, and not before.
CREATE TABLE contribution (
  id        {{id}} PRIMARY KEY,
  kind      {{id}} NOT NULL,                    -- of the record it would be
  entry     {{id}} NOT NULL DEFAULT '',         -- the record it became
  hash      {{key}} NOT NULL,                   -- of the secret in the author's link
  sealed    {{text}} NOT NULL DEFAULT '',       -- what was written; '' once it is over
  address   {{text}} NOT NULL DEFAULT '',       -- the author's, sealed; '' once it is over
  state     {{id}} NOT NULL,                    -- asked, waiting, changes, published, refused
  at        {{int}} NOT NULL,
  round     {{int}} NOT NULL DEFAULT 0,         -- what was said in an earlier round counts no more
  widened   {{int}} NOT NULL DEFAULT 0,         -- how many pairs let their time go by
  due       {{int}} NOT NULL DEFAULT 0,         -- when the next wider pair may decide, too; 0 = never
  until     {{int}} NOT NULL,                   -- the author's link works until
  ended     {{int}} NOT NULL DEFAULT 0,
  reason    {{id}} NOT NULL DEFAULT '',         -- of a refusal
  country   {{id}} NOT NULL DEFAULT '',         -- for finding the pair
  lat       {{real}} NOT NULL DEFAULT 0,
  lon       {{real}} NOT NULL DEFAULT 0,
  precision_ {{int}} NOT NULL DEFAULT 0,
  themes    {{text}} NOT NULL DEFAULT ''        -- codes between spaces
) {{strict}};
CREATE UNIQUE INDEX contribution_hash ON contribution (hash);
CREATE INDEX contribution_state ON contribution (state, at);

-- What the seats said about one, round by round.
CREATE TABLE contribution_said (
  contribution {{id}} NOT NULL REFERENCES contribution (id),
  round        {{int}} NOT NULL,
  seat         {{id}} NOT NULL,                 -- authority, association, coordination
  organisation {{id}} NOT NULL DEFAULT '',
  person       {{id}} NOT NULL DEFAULT '',
  act          {{id}} NOT NULL,                 -- agree, change, refuse
  reason       {{id}} NOT NULL DEFAULT '',
  words        {{text}} NOT NULL DEFAULT '',    -- for the author, never public
  lang         {{id}} NOT NULL DEFAULT '',
  at           {{int}} NOT NULL,
  PRIMARY KEY (contribution, round, seat)
) {{strict}};
CREATE INDEX contribution_said_by ON contribution_said (organisation, at);
CREATE INDEX contribution_said_at ON contribution_said (at);

-- Organisations that look at what is proposed, by place and theme.
CREATE TABLE validator (
  id           {{id}} PRIMARY KEY,
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  country      {{id}} NOT NULL DEFAULT '',      -- '' = everywhere
  town         {{text}} NOT NULL DEFAULT '',    -- middle of a region; '' = the whole country
  lat          {{real}} NOT NULL DEFAULT 0,
  lon          {{real}} NOT NULL DEFAULT 0,
  km           {{int}} NOT NULL DEFAULT 0,      -- how far the region reaches
  theme        {{id}} NOT NULL DEFAULT '',      -- '' = every theme
  since        {{int}} NOT NULL,
  by_          {{id}} NOT NULL DEFAULT '',
  ended        {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX validator_of ON validator (organisation, ended);
