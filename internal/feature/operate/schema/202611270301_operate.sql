-- What operators were told is wrong with the house, until it is well again.
CREATE TABLE trouble (
  probe {{id}} PRIMARY KEY,
  since {{int}} NOT NULL
) {{strict}};
