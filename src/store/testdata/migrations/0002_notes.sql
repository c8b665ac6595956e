-- What a later version adds.

ALTER TABLE notes ADD COLUMN at timestamptz;
INSERT INTO notes (line, at) VALUES ('it''s there, -- and {now} stays', {now});
