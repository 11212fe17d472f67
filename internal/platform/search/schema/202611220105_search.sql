-- What is searched. One Go analyser feeds both engines, which only store words.
{{if sqlite}}
CREATE TABLE search_doc (
  n      INTEGER PRIMARY KEY,
  id     {{id}} NOT NULL UNIQUE,
  kind   {{id}} NOT NULL,
  digest {{id}} NOT NULL            -- of its words: the same digest, nothing to write
) {{strict}};
-- ascii: the words come cut and folded; every sign beyond ASCII belongs to one.
CREATE VIRTUAL TABLE search_text USING fts5(strong, weak,
  content='', contentless_delete=1, tokenize='ascii', prefix='2 3');
CREATE VIRTUAL TABLE search_term USING fts5vocab(search_text, 'row');
{{else}}
CREATE TABLE search_doc (
  n      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id     {{id}} NOT NULL UNIQUE,
  kind   {{id}} NOT NULL,
  digest {{id}} NOT NULL,           -- of its words: the same digest, nothing to write
  words  tsvector NOT NULL
);
CREATE INDEX search_doc_words ON search_doc USING GIN (words);
{{end}}
-- Words that may be offered for a mistyped one.
CREATE TABLE search_word (
  word {{id}} PRIMARY KEY
) {{strict}}{{if sqlite}}, WITHOUT ROWID{{end}};
-- Each word cut into pieces: who makes k mistakes leaves one of k+1 pieces whole.
CREATE TABLE search_piece (
  piece {{id}} NOT NULL,            -- length of the word, number of the piece, its letters: "9.1.rat"
  word  {{id}} NOT NULL,
  PRIMARY KEY (piece, word)
) {{strict}}{{if sqlite}}, WITHOUT ROWID{{end}};
