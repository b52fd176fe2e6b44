CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY,
    quantity integer NOT NULL CHECK (quantity >= 0)
);

-- the events that stock has moved for; product/forget.go deletes old ones
CREATE TABLE IF NOT EXISTS handled (
    event text PRIMARY KEY,
    at    timestamptz NOT NULL DEFAULT now()
);
