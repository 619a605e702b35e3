package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

type calendar struct{ events []string }

// An event of a calendar, not the one that the function was invoked with.
func schedule(c calendar) {
	for _, event := range c.events {
		slog.Info("planned", "event", event)
	}
}

func handler(ctx context.Context, event events.APIGatewayProxyRequest) (string, error) {
	fmt.Println(ctx)
	fmt.Printf("request %s\n", event.RequestContext.RequestID)
	slog.Info("got", "parameters", len(event.QueryStringParameters))
	schedule(calendar{})
	return http.StatusText(200), fmt.Errorf("order %s", event.Path)
}

func main() {
	lambda.Start(handler)
}
