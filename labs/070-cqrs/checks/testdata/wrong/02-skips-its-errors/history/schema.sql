-- The view: one row for the head of each customer's page, and one for each line of it.
CREATE TABLE IF NOT EXISTS pages (
    customer text PRIMARY KEY,
    version  bigint  NOT NULL, -- of the last change that the page shows
    orders   integer NOT NULL DEFAULT 0,
    spent    bigint  NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS lines (
    id       text PRIMARY KEY,
    customer text        NOT NULL,
    name     text        NOT NULL,
    quantity integer     NOT NULL,
    total    bigint      NOT NULL,
    status   text        NOT NULL,
    placed   timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS lines_customer ON lines (customer, placed DESC, id);

GRANT SELECT ON pages, lines TO query;
