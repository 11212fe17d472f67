-- Where mails of this sort end, as a path on this site; '' = they do not.
ALTER TABLE notice ADD COLUMN stop {{text}} NOT NULL DEFAULT '';
