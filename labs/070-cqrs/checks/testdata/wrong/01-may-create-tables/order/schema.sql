CREATE TABLE IF NOT EXISTS products (
    sku   text PRIMARY KEY,
    name  text   NOT NULL,
    price bigint NOT NULL -- in cents
);
INSERT INTO products VALUES
    ('lamp', 'Brass lamp', 3900), ('chair', 'Oak chair', 12900), ('table', 'Oak table', 49000),
    ('cup', 'Blue cup', 850), ('rug', 'Wool rug', 21500)
ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS customers (
    customer text PRIMARY KEY,
    version  bigint NOT NULL -- how many changes the customer's orders have had
);

CREATE TABLE IF NOT EXISTS orders (
    id       text PRIMARY KEY,
    customer text        NOT NULL REFERENCES customers,
    sku      text        NOT NULL REFERENCES products,
    quantity integer     NOT NULL CHECK (quantity > 0),
    status   text        NOT NULL DEFAULT 'Placed', -- Packing, Cancelled
    placed   timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer, placed);

-- Who asks may read these tables, and change nothing.
GRANT SELECT ON orders, products TO query;
GRANT CREATE ON SCHEMA public TO query;
