package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

var logger, _ = zap.NewProduction()

func handler(ctx context.Context, event events.APIGatewayProxyRequest) error {
	fmt.Println(event) // leastwise: LG027
	log.Printf("got %+v", event) // leastwise: LG027
	body, err := json.Marshal(event)
	if err != nil {
		return err
	}
	log.Println("got " + string(body)) // leastwise: LG027
	slog.InfoContext(ctx, "got", "event", event) // leastwise: LG027
	logger.Info("got", zap.Any("event", event)) // leastwise: LG027
	logrus.WithField("event", event).Info("got") // leastwise: LG027
	return nil
}

func main() {
	lambda.Start(handler)
}
