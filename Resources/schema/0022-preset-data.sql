-- What a dialect keeps with a preset: its own names for what the other columns say.
ALTER TABLE presets ADD COLUMN dialect_data TEXT;
