-- The key mails are signed with (DKIM), sealed with the key of the house.
CREATE TABLE mail_key (
  selector {{id}} PRIMARY KEY,           -- where its public half stands in the DNS
  sealed   {{text}} NOT NULL,
  made     {{int}} NOT NULL
) {{strict}};

-- Letters on their way, for as long as reports about them may come. The address
-- stands here as a mark that the key of the house alone can make.
CREATE TABLE mail_sent (
  letter {{id}} PRIMARY KEY,
  mark   {{id}} NOT NULL,
  at     {{int}} NOT NULL
) {{strict}};
CREATE INDEX mail_sent_at ON mail_sent (at);

-- Addresses from which letters came back.
CREATE TABLE mail_back (
  mark    {{id}} PRIMARY KEY,
  days    {{int}} NOT NULL,              -- different days, each at most a month after the one before
  last    {{int}} NOT NULL,
  status  {{id}} NOT NULL,               -- what the last report said: 5.1.1
  stopped {{int}} NOT NULL               -- since when letters are withheld; 0 = they are sent
) {{strict}};

-- How many letters left, came back and were withheld, by day. Of nobody.
CREATE TABLE mail_tally (
  day  {{int}} NOT NULL,                 -- days since 1970, UTC
  what {{id}} NOT NULL,
  n    {{int}} NOT NULL,
  PRIMARY KEY (day, what)
) {{strict}};
