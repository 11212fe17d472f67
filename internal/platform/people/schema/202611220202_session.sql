-- A session whose person's rights changed takes a new secret with the next page.
ALTER TABLE session ADD COLUMN renew {{int}} NOT NULL DEFAULT 0;
