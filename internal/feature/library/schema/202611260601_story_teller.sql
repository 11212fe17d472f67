-- Whose story it is. Nothing else says so: entry, history and journal name nobody.
CREATE TABLE story_teller (
  entry  {{id}} PRIMARY KEY REFERENCES entry (id),
  person {{id}} NOT NULL
) {{strict}};
CREATE INDEX story_teller_person ON story_teller (person);
