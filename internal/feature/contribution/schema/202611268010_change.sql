-- A proposal may change a record that is published already. It says which, and
-- keeps how the record read when its author began: what others changed since is
-- told apart from what the author changed.
ALTER TABLE contribution ADD COLUMN changes {{id}} NOT NULL DEFAULT '';  -- the record
ALTER TABLE contribution ADD COLUMN was {{text}} NOT NULL DEFAULT '';    -- sealed; '' once it is over
