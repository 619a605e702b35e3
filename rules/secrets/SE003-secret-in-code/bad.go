package main

import (
	"database/sql"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

const apiKey = "q7Zt42kf9Lmw0xRb83Va" // leastwise: SE003

type settings struct{ User, Password string }

func connect() (*sql.DB, error) {
	own := settings{User: "app", Password: "kV7!rum1nant-42"} // leastwise: SE003
	_ = &cognitoidentityprovider.SignUpInput{
		Password: aws.String("kV7!rum1nant-42"), // leastwise: SE003
	}
	_ = own
	return sql.Open("postgres", "postgres://app:kV7ruminant42@db.shop.test/orders") // leastwise: SE003
}
