CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY,
    quantity integer NOT NULL CHECK (quantity >= 0)
);

CREATE SCHEMA IF NOT EXISTS inbox;

CREATE TABLE IF NOT EXISTS inbox.done (
    happened timestamptz NOT NULL DEFAULT now(),
    what     text NOT NULL,
    kind     text NOT NULL,
    CONSTRAINT once UNIQUE (what)
);
