-- Every write takes an idempotency key: the same key again gives the first
-- answer and writes nothing.
CREATE TABLE done (
  key_     {{id}} NOT NULL,
  who      {{id}} NOT NULL,                 -- person, or 'visitor'
  location {{text}} NOT NULL,
  at       {{int}} NOT NULL,
  PRIMARY KEY (key_, who)
) {{strict}};
CREATE INDEX done_at ON done (at);
