go run ./move
