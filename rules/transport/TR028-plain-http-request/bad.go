package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

const base = "http://api.partner.test/v1"

func handler(ctx context.Context, order events.SQSMessage) error {
	http.Get("http://rates.bank.test/eur") // leastwise: TR028
	url := fmt.Sprintf("http://shop.partner.test/orders/%s", order.MessageId)
	http.Post(url, "application/json", strings.NewReader("{}")) // leastwise: TR028
	client := &http.Client{}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/feeds", nil) // leastwise: TR028
	if err != nil {
		return err
	}
	_, err = client.Do(request)
	return err
}

func main() {
	lambda.Start(handler)
}
