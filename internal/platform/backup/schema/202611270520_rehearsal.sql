-- What tells later whether a backup is still the same, and whether somebody opened it.
ALTER TABLE backup ADD COLUMN hash {{text}} NOT NULL DEFAULT '';   -- SHA-256 of its octets
ALTER TABLE backup ADD COLUMN proof {{text}} NOT NULL DEFAULT '';  -- SHA-256 of its end, which says what each table holds
ALTER TABLE backup ADD COLUMN way {{id}} NOT NULL DEFAULT '';      -- of a rehearsal: house, console, code
ALTER TABLE backup ADD COLUMN looked {{int}} NOT NULL DEFAULT 0;   -- when it was last read back
ALTER TABLE backup ADD COLUMN damage {{text}} NOT NULL DEFAULT ''; -- what was found then; '' = nothing
ALTER TABLE backup ADD COLUMN gone {{int}} NOT NULL DEFAULT 0;     -- since when it is not kept any more
