-- Files that people sent. The content lies outside the database, by its hash.
CREATE TABLE file (
  id       {{id}} PRIMARY KEY,
  hash     {{id}} NOT NULL,                -- SHA-256 of what is stored, hexadecimal
  name     {{text}} NOT NULL,
  type     {{id}} NOT NULL,                -- media type, found in the content
  size     {{int}} NOT NULL,               -- octets
  width    {{int}} NOT NULL DEFAULT 0,     -- pixels; 0 = not a picture
  height   {{int}} NOT NULL DEFAULT 0,
  by_      {{id}} NOT NULL DEFAULT '',     -- person; '' = erased or none
  at       {{int}} NOT NULL,
  audience {{id}} NOT NULL DEFAULT ''      -- in the words of whoever kept it
) {{strict}};
CREATE INDEX file_hash ON file (hash);
CREATE INDEX file_by ON file (by_);
