-- Facts about how one text came from others. Append-only: a derivation that
-- was wrong is undone by another one.
CREATE TABLE derivation (
  id           {{id}} PRIMARY KEY,
  kind         {{id}} NOT NULL,
  at           {{int}} NOT NULL,
  person       {{id}} NOT NULL,
  organisation {{id}} NOT NULL,
  mandate      {{id}} NOT NULL,
  role         {{id}} NOT NULL,
  scope        {{id}} NOT NULL,
  reason       {{text}} NOT NULL,
  certain      {{int}} NOT NULL,            -- 0 = a reading, not yet confirmed
  undoes       {{id}} NOT NULL DEFAULT ''
) {{strict}};
CREATE UNIQUE INDEX derivation_undoes ON derivation (undoes) WHERE undoes <> '';
CREATE INDEX derivation_scope ON derivation (scope, at);

CREATE TABLE derivation_link (
  derivation {{id}} NOT NULL REFERENCES derivation (id),
  side       {{int}} NOT NULL,              -- 0 parent, 1 child
  entry      {{id}} NOT NULL REFERENCES entry (id),
  revision   {{int}} NOT NULL,
  position   {{int}} NOT NULL,
  taken      {{text}} NOT NULL DEFAULT '',
  left_out   {{text}} NOT NULL DEFAULT '',
  why        {{text}} NOT NULL DEFAULT '',
  PRIMARY KEY (derivation, side, entry)
) {{strict}};
CREATE INDEX derivation_link_entry ON derivation_link (entry, side);
