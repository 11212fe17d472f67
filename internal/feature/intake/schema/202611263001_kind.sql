-- Lists of every kind come in, no longer organisations alone.
ALTER TABLE import_batch ADD COLUMN kind {{id}} NOT NULL DEFAULT 'organisation';
CREATE INDEX import_batch_kind ON import_batch (kind, at);
