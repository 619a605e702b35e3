package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
	"github.com/aws/aws-sdk-go/service/s3"
)

var shared = session.Must(session.NewSession())

func handler(ctx context.Context) error {
	table := dynamodb.New(shared, aws.NewConfig().WithRegion(os.Getenv("AWS_REGION")))
	exports := s3.New(shared, &aws.Config{Region: aws.String("eu-west-1")})
	_, err := table.ScanWithContext(ctx, &dynamodb.ScanInput{TableName: aws.String("customers")})
	if err != nil {
		return err
	}
	_, err = exports.PutObject(&s3.PutObjectInput{Bucket: aws.String("exports"), Key: aws.String("all")})
	return err
}

func main() {
	lambda.Start(handler)
}
