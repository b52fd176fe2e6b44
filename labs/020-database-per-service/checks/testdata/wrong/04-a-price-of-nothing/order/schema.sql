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

-- A copy of what product owns. Only refresh writes it.
CREATE TABLE IF NOT EXISTS product_copy (
    sku   text PRIMARY KEY,
    name  text   NOT NULL,
    price bigint NOT NULL
);
-- The number of the last change of product that is in the copy.
CREATE TABLE IF NOT EXISTS product_copy_until (n bigint NOT NULL);
INSERT INTO product_copy_until SELECT 0 WHERE NOT EXISTS (SELECT FROM product_copy_until);
