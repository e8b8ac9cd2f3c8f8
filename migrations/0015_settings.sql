-- What people set for the whole program, by name.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value_json TEXT NOT NULL
);
