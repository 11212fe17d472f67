-- Until when authors may answer what the committee did with their words.
CREATE TABLE reply_period (
  derivation {{id}} PRIMARY KEY REFERENCES derivation (id),
  until      {{int}} NOT NULL
) {{strict}};

-- An author's answer; its words are an entry.
CREATE TABLE reply (
  entry      {{id}} PRIMARY KEY REFERENCES entry (id),
  derivation {{id}} NOT NULL REFERENCES derivation (id),
  proposal   {{id}} NOT NULL REFERENCES entry (id)
) {{strict}};
CREATE INDEX reply_derivation ON reply (derivation);
