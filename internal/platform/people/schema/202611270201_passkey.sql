-- The public half of a passkey: a key pair in somebody's phone, computer or
-- security key. It shows two things at once: having it, and a finger, face or PIN.
CREATE TABLE passkey (
  id         {{id}} PRIMARY KEY,
  person     {{id}} NOT NULL REFERENCES person (id),
  name       {{text}} NOT NULL,               -- as its person calls it
  credential {{key}} NOT NULL,                -- its identifier, base64url
  pkix       {{text}} NOT NULL,               -- its public key, base64url
  transports {{text}} NOT NULL DEFAULT '',    -- how browsers reach it, with commas
  counter    {{int}} NOT NULL DEFAULT 0,      -- of signatures, for those that count
  synced     {{int}} NOT NULL DEFAULT 0,      -- 1: its maker may copy it to other devices
  created    {{int}} NOT NULL,
  used       {{int}} NOT NULL DEFAULT 0
) {{strict}};
CREATE UNIQUE INDEX passkey_credential ON passkey (credential);
CREATE INDEX passkey_person ON passkey (person);

-- What was set to be answered once, soon, by whoever holds a key elsewhere.
CREATE TABLE challenge (
  hash    {{id}} PRIMARY KEY,
  purpose {{id}} NOT NULL,
  person  {{id}} NOT NULL DEFAULT '',         -- who alone may answer; '' = whoever can
  data    {{text}} NOT NULL DEFAULT '',
  expires {{int}} NOT NULL
) {{strict}};
