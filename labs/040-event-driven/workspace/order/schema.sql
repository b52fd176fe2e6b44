CREATE TABLE IF NOT EXISTS orders (
    id       text PRIMARY KEY,
    sku      text    NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    address  text    NOT NULL,
    status   text    NOT NULL DEFAULT 'Placed',
    key      text    UNIQUE -- the Idempotency-Key of its request
);
