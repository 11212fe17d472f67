-- What the coordination says about what is published and kept. Every version stays.
CREATE TABLE contribution_policy (
  version {{int}} PRIMARY KEY,
  at      {{int}} NOT NULL,
  person  {{id}} NOT NULL DEFAULT '',
  words   {{text}} NOT NULL                     -- in their languages, JSON
) {{strict}};
