-- Why a backup could not be restored, in one word: what a code can bring from elsewhere, and what is said in each language.
ALTER TABLE backup ADD COLUMN failure {{id}} NOT NULL DEFAULT ''; -- of a rehearsal that failed: see Failure; '' = it went well, or an older program did not say
