-- The spine: whatever people publish.
CREATE TABLE entry (
  id           {{id}} PRIMARY KEY,
  kind         {{id}} NOT NULL,
  class        {{id}} NOT NULL DEFAULT '',  -- the kind's own classification: an organisation's kind, an action's step
  parent       {{id}} NOT NULL DEFAULT '',  -- the entry it lives in: a workshop's assembly, a proposal's workshop
  organisation {{id}} NOT NULL DEFAULT '',  -- by whom
  person       {{id}} NOT NULL DEFAULT '',
  mandate      {{id}} NOT NULL DEFAULT '',
  signed       {{text}} NOT NULL DEFAULT '',-- name given by somebody without an account
  lang         {{id}} NOT NULL,             -- original language
  fields       {{text}} NOT NULL,           -- every text in its languages, JSON
  title_key    {{key}} NOT NULL,
  country      {{id}} NOT NULL DEFAULT '',
  place        {{text}} NOT NULL DEFAULT '',
  lat          {{real}} NOT NULL DEFAULT 0,
  lon          {{real}} NOT NULL DEFAULT 0,
  precision_   {{int}} NOT NULL DEFAULT 0,
  starts       {{int}} NOT NULL DEFAULT 0,
  ends         {{int}} NOT NULL DEFAULT 0,
  axis         {{id}} NOT NULL DEFAULT '',
  audience     {{id}} NOT NULL DEFAULT 'public',
  state        {{id}} NOT NULL DEFAULT 'published',
  checked      {{int}} NOT NULL DEFAULT 0,
  checked_by   {{id}} NOT NULL DEFAULT '',
  checked_how  {{id}} NOT NULL DEFAULT '',
  licence      {{id}} NOT NULL DEFAULT '',
  created      {{int}} NOT NULL,
  changed      {{int}} NOT NULL,
  revision     {{int}} NOT NULL
) {{strict}};
CREATE INDEX entry_kind_title ON entry (kind, state, audience, title_key, id);
CREATE INDEX entry_kind_new ON entry (kind, state, audience, created, id);
CREATE INDEX entry_class_title ON entry (kind, class, state, audience, title_key, id);
CREATE INDEX entry_country_title ON entry (kind, country, state, audience, title_key, id);
CREATE INDEX entry_parent ON entry (parent, kind, created);
CREATE INDEX entry_organisation ON entry (organisation, kind);

CREATE TABLE entry_theme (
  entry {{id}} NOT NULL REFERENCES entry (id),
  theme {{id}} NOT NULL,
  PRIMARY KEY (theme, entry)
) {{strict}};
CREATE INDEX entry_theme_entry ON entry_theme (entry);

-- Every version, for ever.
CREATE TABLE entry_revision (
  entry        {{id}} NOT NULL REFERENCES entry (id),
  revision     {{int}} NOT NULL,
  at           {{int}} NOT NULL,
  person       {{id}} NOT NULL,
  organisation {{id}} NOT NULL,
  mandate      {{id}} NOT NULL,
  state        {{id}} NOT NULL,
  fields       {{text}} NOT NULL,
  facts        {{text}} NOT NULL,           -- the side table's facts at that version, JSON
  PRIMARY KEY (entry, revision)
) {{strict}};
