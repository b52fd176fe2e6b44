CREATE TABLE IF NOT EXISTS products (
    sku   text PRIMARY KEY,
    name  text   NOT NULL,
    price bigint NOT NULL CHECK (price >= 0) -- in cents
);
CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY REFERENCES products (sku),
    quantity integer NOT NULL CHECK (quantity >= 0)
);
-- Which order took how much of the stock.
CREATE TABLE IF NOT EXISTS taken (
    order_id text PRIMARY KEY,
    sku      text    NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0)
);

-- The number of the last change. Whoever changes a product has the row until the
-- commit, so that changes are committed in the order of their numbers.
CREATE TABLE IF NOT EXISTS last_change (n bigint NOT NULL);
INSERT INTO last_change SELECT 0 WHERE NOT EXISTS (SELECT FROM last_change);
CREATE OR REPLACE FUNCTION next_change() RETURNS bigint LANGUAGE sql AS
    'UPDATE last_change SET n = n + 1 RETURNING n';
ALTER TABLE products ADD COLUMN IF NOT EXISTS changed bigint NOT NULL DEFAULT next_change();
