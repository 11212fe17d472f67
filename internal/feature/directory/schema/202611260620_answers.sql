-- What lists of any kind can be narrowed by and given out with, in the table
-- that all kinds share.
INSERT INTO record_value (entry, name, n, value) SELECT id, 'kind', 0, class FROM entry WHERE kind = 'organisation' AND class <> '';
INSERT INTO record_value (entry, name, n, value) SELECT entry, 'website', 0, website FROM organisation_profile WHERE website <> '';
INSERT INTO record_value (entry, name, n, value)
  SELECT entry, 'language', row_number() OVER (PARTITION BY entry ORDER BY language) - 1, language FROM organisation_language;
