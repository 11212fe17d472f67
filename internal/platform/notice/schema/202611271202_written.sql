-- The address that ends mails of a sort opens by itself: it is kept until the
-- mail is written. Those whose mail waits no longer go now.
UPDATE notice SET stop = '' WHERE stop <> '' AND NOT EXISTS (SELECT 1 FROM job WHERE job.kind = 'notice.copy' AND job.data = '"' || notice.id || '"');
