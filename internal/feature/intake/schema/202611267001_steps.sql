-- Long lists are worked through in steps: the last row that is done.
ALTER TABLE import_batch ADD COLUMN done {{int}} NOT NULL DEFAULT 0;
