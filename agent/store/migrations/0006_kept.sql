-- What was worked out from the rows above and would be worked out again for every look: where an interview stands, and why
-- (docs/decisions/kept-answers.md). `basis` says from what; an answer counts only while all of that is still so. None of it is in a
-- backup.

CREATE TABLE kept_answers (
    what TEXT NOT NULL,
    interview TEXT NOT NULL,
    basis TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (what, interview)
) STRICT;

-- How often what belongs to an interview was written; the empty id counts the interviews themselves. The triggers count for whoever
-- writes, in the same transaction. Two statements and no upsert: in a trigger the conflict clause of the outer statement would rule.
CREATE TABLE kept_counts (
    interview TEXT PRIMARY KEY,
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER kept_interview_added AFTER INSERT ON interviews BEGIN
    INSERT INTO kept_counts SELECT '', 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = '');
    UPDATE kept_counts SET times = times + 1 WHERE interview = '';
END;
CREATE TRIGGER kept_interview_changed AFTER UPDATE ON interviews BEGIN
    INSERT INTO kept_counts SELECT '', 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = '');
    UPDATE kept_counts SET times = times + 1 WHERE interview = '';
END;
CREATE TRIGGER kept_interview_removed AFTER DELETE ON interviews BEGIN
    INSERT INTO kept_counts SELECT '', 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = '');
    UPDATE kept_counts SET times = times + 1 WHERE interview = '';
END;

CREATE TRIGGER kept_message_added AFTER INSERT ON messages WHEN NEW.interview IS NOT NULL BEGIN
    INSERT INTO kept_counts SELECT NEW.interview, 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = NEW.interview);
    UPDATE kept_counts SET times = times + 1 WHERE interview = NEW.interview;
END;
CREATE TRIGGER kept_message_changed AFTER UPDATE ON messages BEGIN
    INSERT INTO kept_counts SELECT NEW.interview, 0
        WHERE NEW.interview IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = NEW.interview);
    UPDATE kept_counts SET times = times + 1 WHERE interview IN (NEW.interview, OLD.interview);
END;
CREATE TRIGGER kept_message_removed AFTER DELETE ON messages WHEN OLD.interview IS NOT NULL BEGIN
    UPDATE kept_counts SET times = times + 1 WHERE interview = OLD.interview;
END;

CREATE TRIGGER kept_event_added AFTER INSERT ON events BEGIN
    INSERT INTO kept_counts SELECT NEW.interview, 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = NEW.interview);
    UPDATE kept_counts SET times = times + 1 WHERE interview = NEW.interview;
END;

CREATE TRIGGER kept_draft_added AFTER INSERT ON drafts BEGIN
    INSERT INTO kept_counts SELECT NEW.interview, 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = NEW.interview);
    UPDATE kept_counts SET times = times + 1 WHERE interview = NEW.interview;
END;
CREATE TRIGGER kept_draft_changed AFTER UPDATE ON drafts BEGIN
    INSERT INTO kept_counts SELECT NEW.interview, 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = NEW.interview);
    UPDATE kept_counts SET times = times + 1 WHERE interview IN (NEW.interview, OLD.interview);
END;
CREATE TRIGGER kept_draft_removed AFTER DELETE ON drafts BEGIN
    UPDATE kept_counts SET times = times + 1 WHERE interview = OLD.interview;
END;

CREATE TRIGGER kept_held_added AFTER INSERT ON held BEGIN
    INSERT INTO kept_counts SELECT NEW.interview, 0 WHERE NOT EXISTS (SELECT 1 FROM kept_counts WHERE interview = NEW.interview);
    UPDATE kept_counts SET times = times + 1 WHERE interview = NEW.interview;
END;
CREATE TRIGGER kept_held_removed AFTER DELETE ON held BEGIN
    UPDATE kept_counts SET times = times + 1 WHERE interview = OLD.interview;
END;
