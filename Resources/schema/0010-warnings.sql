-- What was wrong with the sources of an output that was made all the same: words of a list, with spaces between them.
ALTER TABLE outputs ADD COLUMN warnings TEXT;
