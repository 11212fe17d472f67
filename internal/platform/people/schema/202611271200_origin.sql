-- Where a session came from, when another site let its person in: what it has
-- there as a name, and who the person is there, as marks that only the key of
-- the house can make. Whoever reads this table learns neither.
ALTER TABLE session ADD COLUMN there {{id}} NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN whom {{id}} NOT NULL DEFAULT '';
CREATE INDEX session_there ON session (there) WHERE there <> '';
CREATE INDEX session_whom ON session (whom) WHERE whom <> '';
