-- Two records that look alike and are not the same: somebody looked.
CREATE TABLE record_apart (
  one    {{id}} NOT NULL REFERENCES entry (id),  -- the smaller identifier
  other  {{id}} NOT NULL REFERENCES entry (id),
  person {{id}} NOT NULL,
  at     {{int}} NOT NULL,
  PRIMARY KEY (one, other)
) {{strict}};
