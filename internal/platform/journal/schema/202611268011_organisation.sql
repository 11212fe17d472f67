-- What was done for one organisation, newest first.
CREATE INDEX journal_organisation ON journal (organisation, n);
