CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY,
    quantity integer NOT NULL CHECK (quantity >= 0)
);

-- the last event that stock has moved for
CREATE TABLE IF NOT EXISTS handled (
    event text PRIMARY KEY
);
