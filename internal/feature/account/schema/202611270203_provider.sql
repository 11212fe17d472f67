-- Sites of members where their people sign in (OpenID Connect).
CREATE TABLE provider (
  id      {{id}} PRIMARY KEY,
  name    {{text}} NOT NULL,
  issuer  {{text}} NOT NULL,
  client  {{text}} NOT NULL,               -- what it knows us as
  secret  {{text}} NOT NULL,               -- sealed with the key of the house
  domains {{text}} NOT NULL DEFAULT '',    -- of the addresses it speaks for, with commas
  leave   {{text}} NOT NULL DEFAULT '',    -- where one signs out there
  created {{int}} NOT NULL,
  ended   {{int}} NOT NULL DEFAULT 0
) {{strict}};

-- Who is who there. Its word for a person is opaque and does not change.
CREATE TABLE provider_person (
  provider {{id}} NOT NULL REFERENCES provider (id),
  subject  {{key}} NOT NULL,
  person   {{id}} NOT NULL REFERENCES person (id),
  created  {{int}} NOT NULL,
  PRIMARY KEY (provider, subject)
) {{strict}};
CREATE UNIQUE INDEX provider_person_one ON provider_person (person, provider);
