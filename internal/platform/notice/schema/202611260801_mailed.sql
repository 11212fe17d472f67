-- 1: a copy went by mail. A digest leaves out what a mail told already.
ALTER TABLE notice ADD COLUMN mailed {{int}} NOT NULL DEFAULT 0;
