-- An invitation that follows from a decision of others than who wrote it: it
-- stands whether or not that person may invite.
ALTER TABLE invitation ADD COLUMN decided {{id}} NOT NULL DEFAULT '';  -- the claim that was accepted
