-- What the alliance says of itself: one JSON document, every version kept.
CREATE TABLE alliance (
  version {{int}} PRIMARY KEY,
  at      {{int}} NOT NULL,
  person  {{id}} NOT NULL,
  data    {{text}} NOT NULL
) {{strict}};
