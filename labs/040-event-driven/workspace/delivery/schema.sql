CREATE TABLE IF NOT EXISTS deliveries (
    order_id text PRIMARY KEY,
    address  text NOT NULL,
    status   text NOT NULL
);
