-- Tools that people added without code: requests of their own, and tools of other MCP servers. What their headers hold is
-- never read out through an interface.
CREATE TABLE added_tools (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    tool_json TEXT NOT NULL,
    headers_json TEXT NOT NULL
);
