"""The tables, and the version they are at.

`record` holds the facts and is the truth; `thread` is what the accounting rules make of it for
one scope (the roots of one source that a report covers), and `session` what the prices make of
that, kept so that a start need neither resolve nor price again. Both can be dropped and made
anew from `record`.
"""

import re
import sqlite3
from collections.abc import Iterator

SCHEMA_VERSION = 7

TABLES = """
CREATE TABLE root (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    UNIQUE (source, path)
) STRICT;

-- A log file ever read, and the state it was read in; `present` falls to 0 when it vanishes.
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES root (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode TEXT NOT NULL,
    present INTEGER NOT NULL DEFAULT 1,
    UNIQUE (root_id, name)
) STRICT;

CREATE TABLE diagnostic (
    file_id INTEGER NOT NULL REFERENCES file (id),
    code TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE INDEX diagnostic_file ON diagnostic (file_id);

-- All that was ever read of a thread from one file, as a JSON array (core/records.py).
CREATE TABLE record (
    file_id INTEGER NOT NULL REFERENCES file (id),
    thread_id TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (file_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_thread ON record (thread_id);

-- `rules` is the version of the accounting rules that the scope's events were made by.
CREATE TABLE scope (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    roots TEXT NOT NULL,
    rules INTEGER NOT NULL,
    UNIQUE (source, roots)
) STRICT;

CREATE TABLE scope_root (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    root_id INTEGER NOT NULL REFERENCES root (id),
    PRIMARY KEY (scope_id, root_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE thread (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    thread_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    title TEXT,
    project TEXT,
    PRIMARY KEY (scope_id, thread_id)
) STRICT, WITHOUT ROWID;

-- `at` is epoch milliseconds, `credits` nanocredits, `recorded_cost` picodollars.
CREATE TABLE usage_event (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    session_id TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    at INTEGER NOT NULL,
    rung INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_creation_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    credits INTEGER,
    recorded_cost INTEGER,
    single INTEGER NOT NULL,
    message_id TEXT,
    event_id TEXT,
    PRIMARY KEY (scope_id, session_id, thread_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_event_thread ON usage_event (scope_id, thread_id);
"""

LINKS = """
-- What a thread shares with others, so that they are resolved together: ids of other threads
-- (origin, main, sub-threads), and signatures of facts that are copied or searched for.
CREATE TABLE link (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    thread_id TEXT NOT NULL,
    node TEXT NOT NULL,
    PRIMARY KEY (scope_id, thread_id, node)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_node ON link (scope_id, node);
CREATE INDEX thread_session ON thread (scope_id, session_id);
ALTER TABLE usage_event ADD COLUMN tool_use_id TEXT;
"""

META = """
-- What the ledger knows of itself: `ledger`, its identity, by which an import tells where usage
-- came from, and `checked_at`, when the file was last found whole (epoch milliseconds).
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('ledger', lower(hex(randomblob(8))));
"""

ROLLUPS = """
-- A thread's usage events are read and written together, so they lie in one row: a JSON array
-- (ledger/usage.py), beside how many they are and their first and last instant.
UPDATE scope SET rules = 0;
DROP TABLE usage_event;
DROP TABLE thread;
CREATE TABLE thread (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    thread_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    title TEXT,
    project TEXT,
    count INTEGER NOT NULL,
    first_at INTEGER,
    last_at INTEGER,
    events TEXT NOT NULL,
    PRIMARY KEY (scope_id, thread_id)
) STRICT;
CREATE INDEX thread_session ON thread (scope_id, session_id, thread_id);

-- A session as reports take it, its rollups a JSON array (core/rollup.py), priced by what the
-- scope's `prices` names; without a name the scope has no sessions here.
ALTER TABLE scope ADD COLUMN prices TEXT NOT NULL DEFAULT '';
CREATE TABLE session (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    session_id TEXT NOT NULL,
    title TEXT,
    project TEXT,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    rollups TEXT NOT NULL,
    PRIMARY KEY (scope_id, session_id)
) STRICT;
"""

DAYS = """
-- What the sessions of a scope come to on a calendar day of its `zone`, by model: a JSON array
-- (core/days.py), under the day's number in the calendar; without a zone no days are kept.
ALTER TABLE scope ADD COLUMN zone TEXT NOT NULL DEFAULT '';
CREATE TABLE day (
    scope_id INTEGER NOT NULL REFERENCES scope (id),
    day INTEGER NOT NULL,
    shares TEXT NOT NULL,
    PRIMARY KEY (scope_id, day)
) STRICT, WITHOUT ROWID;
"""

PLACES = """
-- How far a file that grows line by line was read (ledger/places.py).
CREATE TABLE place (
    file_id INTEGER PRIMARY KEY REFERENCES file (id),
    offset INTEGER NOT NULL,
    mark TEXT NOT NULL,
    memory TEXT NOT NULL
) STRICT;

-- That a file told of a limit that was reached `at` an instant, and of its end.
CREATE TABLE reset (
    file_id INTEGER NOT NULL REFERENCES file (id),
    at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (file_id, at, ends_at)
) STRICT, WITHOUT ROWID;
"""

EVENTS_ON_DEMAND = """
-- From here on a thread that no other decides about may have no `events`: its facts tell them.
"""

MIGRATIONS = {1: TABLES, 2: LINKS, 3: META, 4: ROLLUPS, 5: DAYS, 6: PLACES, 7: EVENTS_ON_DEMAND}
"""What brings a ledger of the version before to each version; 0 is an empty file."""


def tables_of(version: int) -> frozenset[str]:
    """Return the tables that a ledger of a version has."""
    steps = "".join(MIGRATIONS[step] for step in range(1, version + 1))
    tables: set[str] = set()
    for verb, name in re.findall(r"(CREATE|DROP) TABLE (\w+)", steps):
        (tables.add if verb == "CREATE" else tables.discard)(name)
    return frozenset(tables)


def statements_of(step: int) -> Iterator[str]:
    """Yield the statements of one migration, in order."""
    statement = ""
    for line in MIGRATIONS[step].splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
