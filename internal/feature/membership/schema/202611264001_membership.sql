-- The versions of a network's charter, as far as the network says them.
CREATE TABLE network_charter (
  id       {{id}} PRIMARY KEY,
  network  {{id}} NOT NULL REFERENCES entry (id),
  name     {{text}} NOT NULL,              -- as the network calls it
  name_key {{key}} NOT NULL,               -- folded
  adopted  {{id}} NOT NULL DEFAULT '',     -- day, or month or year where no more is known
  ended    {{id}} NOT NULL DEFAULT '',     -- last day on which a signature under it counts
  document {{text}} NOT NULL DEFAULT ''    -- address of the text
) {{strict}};
CREATE UNIQUE INDEX network_charter_name ON network_charter (network, name_key);
