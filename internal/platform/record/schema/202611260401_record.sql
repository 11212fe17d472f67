-- What was answered to the questions of a kind, beside the texts of the entry.
CREATE TABLE record (
  entry {{id}} PRIMARY KEY REFERENCES entry (id),
  spec  {{int}} NOT NULL                -- version of the questions it was last filled in with
) {{strict}};

CREATE TABLE record_value (
  entry {{id}} NOT NULL REFERENCES entry (id),
  name  {{id}} NOT NULL,                -- of the question
  n     {{int}} NOT NULL,               -- order, from 0
  value {{key}} NOT NULL,               -- in its canonical form: see Type
  PRIMARY KEY (entry, name, n)
) {{strict}};
CREATE INDEX record_value_found ON record_value (name, value, entry);
