-- What was taken down in a workshop: notes, stakes and proposals.
CREATE TABLE captured (
  entry      {{id}} PRIMARY KEY REFERENCES entry (id),
  assembly   {{id}} NOT NULL,
  workshop   {{id}} NOT NULL,
  kind       {{id}} NOT NULL,
  sequence_  {{int}} NOT NULL DEFAULT 0,    -- the part of the workshop, 0 = not known
  position   {{int}} NOT NULL,              -- in the record of the workshop
  source     {{id}} NOT NULL,               -- room, phone, paper
  key_       {{id}} NOT NULL DEFAULT '',    -- made by the sender: the same key is the same note, however late it comes
  beside     {{id}} NOT NULL DEFAULT '',    -- the note this one is another version of, until somebody chooses
  edit       {{text}} NOT NULL DEFAULT '',  -- hash of the link under which a phone may still change it
  edit_until {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX captured_workshop ON captured (workshop, kind, position);
CREATE INDEX captured_assembly ON captured (assembly, kind, position);
CREATE UNIQUE INDEX captured_key ON captured (workshop, key_) WHERE key_ <> '';
CREATE UNIQUE INDEX captured_edit ON captured (edit) WHERE edit <> '';
CREATE INDEX captured_beside ON captured (beside) WHERE beside <> '';

CREATE TABLE proposal (
  entry    {{id}} PRIMARY KEY REFERENCES entry (id),
  assembly {{id}} NOT NULL,
  workshop {{id}} NOT NULL DEFAULT '',      -- '' = made by the committee
  level    {{id}} NOT NULL,                 -- local, alliance
  position {{int}} NOT NULL
) {{strict}};
CREATE INDEX proposal_assembly ON proposal (assembly, position, entry);
