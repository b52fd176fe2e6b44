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

-- The transaction that changed a product last; changesAfter waits for those before it.
ALTER TABLE products ADD COLUMN IF NOT EXISTS changed bigint NOT NULL DEFAULT 0;
CREATE OR REPLACE FUNCTION number_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER number_change BEFORE INSERT OR UPDATE ON products FOR EACH ROW EXECUTE FUNCTION number_change();
UPDATE products SET name = name WHERE changed = 0;
