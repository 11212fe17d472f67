-- What was adopted, and the joint actions that carry it.
CREATE TABLE item (
  entry   {{id}} PRIMARY KEY REFERENCES entry (id),
  number  {{int}} NOT NULL,
  decided {{int}} NOT NULL,
  motion  {{id}} NOT NULL DEFAULT ''
) {{strict}};

CREATE TABLE action (
  entry   {{id}} PRIMARY KEY REFERENCES entry (id),
  item    {{id}} NOT NULL REFERENCES entry (id),
  step    {{id}} NOT NULL,
  due     {{int}} NOT NULL DEFAULT 0,
  heard   {{int}} NOT NULL,               -- last news: made, updated, evidenced
  ended   {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE INDEX action_item ON action (item);

-- Who carries an action, and whether they said yes themselves.
CREATE TABLE carrier (
  action       {{id}} NOT NULL REFERENCES entry (id),
  organisation {{id}} NOT NULL REFERENCES organisation (id),
  asked        {{int}} NOT NULL,
  confirmed    {{int}} NOT NULL DEFAULT 0,
  confirmed_by {{id}} NOT NULL DEFAULT '',
  declined     {{int}} NOT NULL DEFAULT 0,
  PRIMARY KEY (action, organisation)
) {{strict}};
CREATE INDEX carrier_organisation ON carrier (organisation);

CREATE TABLE evidence (
  entry         {{id}} PRIMARY KEY REFERENCES entry (id),
  action        {{id}} NOT NULL REFERENCES entry (id),
  link          {{text}} NOT NULL DEFAULT '',
  file          {{id}} NOT NULL DEFAULT '',
  confirmed     {{int}} NOT NULL DEFAULT 0,
  confirmed_by  {{id}} NOT NULL DEFAULT '',
  confirmed_for {{id}} NOT NULL DEFAULT ''
) {{strict}};
CREATE INDEX evidence_action ON evidence (action);
