CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY,
    quantity integer NOT NULL CHECK (quantity >= 0)
);

-- the events that stock has moved for
CREATE TABLE IF NOT EXISTS handled (
    event text PRIMARY KEY
);

-- how it stands between product and each order
CREATE TABLE IF NOT EXISTS reservations (
    order_id text PRIMARY KEY,
    sku      text    NOT NULL,
    quantity integer NOT NULL,
    state    text    NOT NULL CHECK (state IN ('taken', 'refused', 'returned'))
);
