-- A round in which volunteers check records together. Its records are chosen
-- when it begins.
CREATE TABLE check_round (
  id        {{id}} PRIMARY KEY,
  title     {{text}} NOT NULL,
  lang      {{id}} NOT NULL,
  kinds     {{text}} NOT NULL DEFAULT '',       -- what it was chosen by, between spaces
  countries {{text}} NOT NULL DEFAULT '',
  themes    {{text}} NOT NULL DEFAULT '',
  before_   {{int}} NOT NULL DEFAULT 0,         -- only what was last checked before; 0 = all
  at        {{int}} NOT NULL,
  ends      {{int}} NOT NULL,
  closed    {{int}} NOT NULL DEFAULT 0,
  by_       {{id}} NOT NULL DEFAULT ''
) {{strict}};
CREATE INDEX check_round_open ON check_round (closed, ends);

-- What one volunteer took.
CREATE TABLE check_share (
  id           {{id}} PRIMARY KEY,
  round        {{id}} NOT NULL REFERENCES check_round (id),
  n            {{int}} NOT NULL,
  person       {{id}} NOT NULL DEFAULT '',      -- '' = on paper, entered by the coordination
  organisation {{id}} NOT NULL DEFAULT '',      -- for which it is checked
  at           {{int}} NOT NULL
) {{strict}};
CREATE UNIQUE INDEX check_share_n ON check_share (round, n);

-- One record of a round, and what came of it.
CREATE TABLE check_item (
  round        {{id}} NOT NULL REFERENCES check_round (id),
  n            {{int}} NOT NULL,                -- on every sheet
  entry        {{id}} NOT NULL REFERENCES entry (id),
  share        {{id}} NOT NULL DEFAULT '',
  link         {{key}} NOT NULL DEFAULT '',     -- hash of the secret its people were sent
  state        {{id}} NOT NULL,                 -- todo, same, changed, unreached
  how          {{id}} NOT NULL DEFAULT '',
  organisation {{id}} NOT NULL DEFAULT '',      -- that checked it
  at           {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (round, n)
) {{strict}};
CREATE UNIQUE INDEX check_item_entry ON check_item (round, entry);
CREATE INDEX check_item_share ON check_item (share, n);
CREATE INDEX check_item_link ON check_item (link, n);

-- Closures whose keepers were reminded of their end, each once.
CREATE TABLE check_reminder (
  entry {{id}} NOT NULL REFERENCES entry (id),
  until {{id}} NOT NULL,                        -- last day of the closure, 2026-08-31
  at    {{int}} NOT NULL,
  PRIMARY KEY (entry, until)
) {{strict}};
