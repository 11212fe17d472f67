-- Work to do after a transaction. A row is deleted once its work is done.
CREATE TABLE job (
  id      {{id}} PRIMARY KEY,
  kind    {{id}} NOT NULL,
  key_    {{id}} NOT NULL DEFAULT '',      -- one waiting and one running for each key of a kind
  data    {{text}} NOT NULL DEFAULT '',
  state   {{id}} NOT NULL DEFAULT 'waiting',  -- waiting, running, dead
  due     {{int}} NOT NULL,                -- waiting: run from then on; running: end of the lease; dead: instant of death
  attempt {{int}} NOT NULL DEFAULT 0,
  problem {{text}} NOT NULL DEFAULT '',    -- of the last attempt
  created {{int}} NOT NULL
) {{strict}};
CREATE INDEX job_due ON job (kind, due) WHERE state <> 'dead';
CREATE UNIQUE INDEX job_key ON job (kind, key_) WHERE key_ <> '' AND state = 'waiting';
CREATE INDEX job_running ON job (kind, key_) WHERE state = 'running';

-- Repeated work: whoever moves due on puts the job, so one node does it.
CREATE TABLE job_every (
  name {{id}} PRIMARY KEY,
  due  {{int}} NOT NULL
) {{strict}};
