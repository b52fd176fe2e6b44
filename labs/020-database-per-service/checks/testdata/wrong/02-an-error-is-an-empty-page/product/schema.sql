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
