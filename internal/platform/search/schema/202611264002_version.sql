-- Which version of what is searched the documents were put with. A house that
-- has documents already puts them again.
CREATE TABLE search_version (
  one {{int}} PRIMARY KEY,
  n   {{int}} NOT NULL
) {{strict}};
INSERT INTO search_version (one, n) SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM search_doc) THEN 0 ELSE 1 END;
