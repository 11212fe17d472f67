-- Lines of work leave in files, and are chosen where two records become one.
INSERT INTO record_value (entry, name, n, value)
  SELECT entry, 'axes', row_number() OVER (PARTITION BY entry ORDER BY axis) - 1, axis FROM organisation_axis;
