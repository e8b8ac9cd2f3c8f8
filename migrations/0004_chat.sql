-- The chat: messages are a tree, conversations have a title and a branch that is shown, answers are judged.

-- What a message answers or follows; null at the root. Until now every conversation was one line.
ALTER TABLE messages ADD COLUMN parent_id TEXT;
UPDATE messages SET parent_id = (
    SELECT earlier.id FROM messages AS earlier
    WHERE earlier.conversation_id = messages.conversation_id AND earlier.sequence_num = messages.sequence_num - 1
);

-- `active_leaf_id`: the last message of the branch that is shown; null is the latest message.
ALTER TABLE conversations ADD COLUMN active_leaf_id TEXT;
ALTER TABLE conversations ADD COLUMN title TEXT;

-- What a person thinks of an answer: `up` or `down`, and what would have been right.
CREATE TABLE feedback (
    message_id TEXT PRIMARY KEY NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    rating TEXT NOT NULL,
    comment TEXT,
    corrected TEXT,
    created_at BIGINT NOT NULL
);

-- Agents side by side: who answered, and whom the person preferred (null: nobody).
CREATE TABLE votes (
    id TEXT PRIMARY KEY NOT NULL,
    question TEXT NOT NULL,
    candidates_json TEXT NOT NULL,
    verdict TEXT NOT NULL,
    winner TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX votes_by_age ON votes (created_at, id);
