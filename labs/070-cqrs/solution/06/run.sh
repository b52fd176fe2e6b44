go run ./measure alone
go run ./measure before
go run ./measure after
