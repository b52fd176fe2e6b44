-- The tables of product.
CREATE TABLE IF NOT EXISTS products (
    sku   text PRIMARY KEY,
    name  text   NOT NULL,
    price bigint NOT NULL CHECK (price >= 0) -- in cents
);
CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY REFERENCES products (sku),
    quantity integer NOT NULL CHECK (quantity >= 0)
);

-- The table of order.
CREATE TABLE IF NOT EXISTS orders (
    id       text PRIMARY KEY,
    sku      text        NOT NULL REFERENCES products (sku),
    quantity integer     NOT NULL CHECK (quantity > 0),
    address  text        NOT NULL,
    placed   timestamptz NOT NULL DEFAULT now()
);

-- A table of product: which order took how much of the stock.
CREATE TABLE IF NOT EXISTS taken (
    order_id text PRIMARY KEY REFERENCES orders (id),
    sku      text    NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0)
);

CREATE OR REPLACE VIEW sales AS
SELECT sku, sum(quantity) AS sold FROM orders GROUP BY sku;

-- What was sold until this Monday.
INSERT INTO products VALUES
    ('lamp', 'Lamp', 3900), ('chair', 'Chair', 12900), ('teapot', 'Teapot', 4500),
    ('cup', 'Cup', 900), ('green-tea', 'Green tea', 435)
ON CONFLICT DO NOTHING;
INSERT INTO stock VALUES ('lamp', 40), ('chair', 12), ('teapot', 25), ('cup', 200), ('green-tea', 90)
ON CONFLICT DO NOTHING;
INSERT INTO orders
SELECT 'sept-' || n, (ARRAY['lamp', 'cup', 'green-tea', 'teapot', 'cup', 'chair'])[1 + n % 6], 1 + n % 3,
       'Elm Street ' || 1 + n % 9, timestamptz '2026-09-01 09:00+00' + n * interval '7 hours 13 minutes'
FROM generate_series(1, 60) AS n
ON CONFLICT DO NOTHING;
INSERT INTO taken SELECT id, sku, quantity FROM orders WHERE id LIKE 'sept-%'
ON CONFLICT DO NOTHING;
