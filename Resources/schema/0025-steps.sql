-- What is done one after the other with the files of a preset, each step with what the one before has made; NULL for one.
ALTER TABLE presets ADD COLUMN steps TEXT;
