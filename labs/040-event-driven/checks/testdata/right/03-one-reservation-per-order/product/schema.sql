CREATE TABLE IF NOT EXISTS stock (
    sku      text PRIMARY KEY,
    quantity integer NOT NULL CHECK (quantity >= 0)
);

-- one row for each order that was answered, with the answer
CREATE TABLE IF NOT EXISTS reservations (
    order_id text PRIMARY KEY,
    answer   jsonb NOT NULL
);
