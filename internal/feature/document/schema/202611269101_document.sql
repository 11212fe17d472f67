-- Documents and pictures that somebody put beside a record.
CREATE TABLE document (
  id      {{id}} PRIMARY KEY,
  entry   {{id}} NOT NULL REFERENCES entry (id),
  file    {{id}} NOT NULL REFERENCES file (id),
  words   {{text}} NOT NULL,                -- what it is; of a picture, what it shows
  lang    {{id}} NOT NULL,                  -- of the words
  holds   {{id}} NOT NULL DEFAULT '',       -- language of the document itself; '' = not said
  consent {{id}} NOT NULL DEFAULT '',       -- of a picture: nobody (can be recognised), agreed; '' = no picture
  credit  {{text}} NOT NULL DEFAULT '',     -- who made it, as they name themselves
  licence {{id}} NOT NULL DEFAULT '',       -- for reuse
  at      {{int}} NOT NULL
) {{strict}};
CREATE INDEX document_entry ON document (entry, id);
CREATE INDEX document_file ON document (file);
