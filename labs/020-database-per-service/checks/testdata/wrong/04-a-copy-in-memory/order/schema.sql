CREATE TABLE IF NOT EXISTS orders (
    id       text PRIMARY KEY,
    sku      text        NOT NULL, -- of a product, which product knows
    quantity integer     NOT NULL CHECK (quantity > 0),
    address  text        NOT NULL,
    placed   timestamptz NOT NULL DEFAULT now()
);

-- What was agreed on; orders from before it was kept have neither.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS name text;
ALTER TABLE orders ADD COLUMN IF NOT EXISTS price bigint;

