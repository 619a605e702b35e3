package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
)

var password = os.Getenv("DB_PASSWORD")

const (
	secretName      = "shop/db/password-1"
	tokenURL        = "https://login.shop.test/oauth2/token"
	apiKeyHeader    = "x-api-key"
	defaultPassword = "changeme"
)

type user struct {
	Password string `json:"password" validate:"required,min=8"`
}

var errPassword = errors.New("the password must have 8 characters or more")

func connect() (*sql.DB, error) {
	return sql.Open("postgres", fmt.Sprintf("postgres://app:%s@db.shop.test/orders", password))
}
