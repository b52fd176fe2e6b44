CREATE TABLE IF NOT EXISTS orders (
    id       text PRIMARY KEY,
    sku      text    NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    address  text    NOT NULL,
    status   text    NOT NULL DEFAULT 'Placed',
    key      text    UNIQUE -- the Idempotency-Key of its request
);

-- what of an order Kafka has been told; the rest waits
ALTER TABLE orders ADD COLUMN IF NOT EXISTS told text NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN IF NOT EXISTS trace text NOT NULL DEFAULT '';

-- when it was placed, and when its status changed
ALTER TABLE orders ADD COLUMN IF NOT EXISTS placed timestamptz NOT NULL DEFAULT now();
ALTER TABLE orders ADD COLUMN IF NOT EXISTS moved timestamptz NOT NULL DEFAULT now();
