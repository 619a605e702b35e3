package main

import (
	"context"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// The documentation is at http://docs.partner.test/
const namespace = "http://www.w3.org/2005/Atom"

func handler(ctx context.Context, order events.SQSMessage) (string, error) {
	http.Get("https://rates.bank.test/eur")
	http.Get("http://localhost:2773/secretsmanager/get?secretId=x")
	http.Get("http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/next")
	_, err := http.Get(os.Getenv("PARTNER_URL"))
	return namespace, err
}

func main() {
	lambda.Start(handler)
}
