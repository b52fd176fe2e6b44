go run ./move || true # product has no tables there
