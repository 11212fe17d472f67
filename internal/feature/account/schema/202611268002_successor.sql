-- Who hands over names who comes next: the mandate that ends when this one is
-- accepted. What goes beyond the right of who named waits for the coordination.
ALTER TABLE invitation ADD COLUMN replaces {{id}} NOT NULL DEFAULT '';  -- mandate
ALTER TABLE invitation ADD COLUMN waits {{int}} NOT NULL DEFAULT 0;     -- 1: no mail yet
