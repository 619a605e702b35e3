package main

import (
	"context"
	"os"

	"example.test/shop/store"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
)

type reader interface {
	Find(ctx context.Context, id string) error
}

type app struct{ orders reader }

func (a *app) handle(ctx context.Context, id string) error {
	return a.orders.Find(ctx, id)
}

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	orders := &app{orders: store.New(settings, os.Getenv("TABLE"))}
	lambda.Start(orders.handle)
}
