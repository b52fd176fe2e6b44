CREATE TABLE IF NOT EXISTS orders (
    id       text PRIMARY KEY,
    sku      text        NOT NULL, -- of a product, which product knows
    quantity integer     NOT NULL CHECK (quantity > 0),
    address  text        NOT NULL,
    placed   timestamptz NOT NULL DEFAULT now()
);
