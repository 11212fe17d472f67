-- What happened, told once. No free text of people, nothing sealed.
CREATE TABLE journal (
  n            {{int}} PRIMARY KEY,
  at           {{int}} NOT NULL,
  person       {{id}} NOT NULL,
  organisation {{id}} NOT NULL,
  mandate      {{id}} NOT NULL,
  verb         {{id}} NOT NULL,
  kind         {{id}} NOT NULL,
  subject      {{id}} NOT NULL,
  scope        {{id}} NOT NULL,
  data         {{text}} NOT NULL,
  hash         {{id}} NOT NULL            -- of the row before and this one
) {{strict}};
CREATE INDEX journal_subject ON journal (subject, n);
CREATE INDEX journal_scope ON journal (scope, n);
CREATE INDEX journal_person ON journal (person, n);

-- One row: its lock puts the tellers of all nodes in one order.
CREATE TABLE journal_head (
  one  {{int}} PRIMARY KEY,
  n    {{int}} NOT NULL,
  hash {{id}} NOT NULL
) {{strict}};
INSERT INTO journal_head (one, n, hash) VALUES (1, 0, '');
