-- Lists by title and by age for everybody: the audience is read beside the
-- order, not before it, so that members and committee, who see several
-- audiences, walk the index as visitors do and sort nothing.
DROP INDEX entry_kind_title;
DROP INDEX entry_kind_new;
DROP INDEX entry_class_title;
DROP INDEX entry_country_title;
CREATE INDEX entry_kind_title ON entry (kind, state, title_key, id, audience);
CREATE INDEX entry_kind_new ON entry (kind, state, created, id, audience);
CREATE INDEX entry_class_title ON entry (kind, class, state, title_key, id, audience);
CREATE INDEX entry_country_title ON entry (kind, country, state, title_key, id, audience);
