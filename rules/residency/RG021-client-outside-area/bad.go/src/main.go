package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

const region = "ap-southeast-2"

func handler(ctx context.Context) error {
	home, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	away, err := config.LoadDefaultConfig(ctx, config.WithRegion("us-east-1")) // leastwise: RG021
	if err != nil {
		return err
	}
	table := dynamodb.NewFromConfig(home)
	exports := s3.NewFromConfig(away)
	queue := sqs.NewFromConfig(home, func(options *sqs.Options) {
		options.Region = region // leastwise: RG021
	})
	rows, err := table.Scan(ctx, &dynamodb.ScanInput{TableName: aws.String("customers")})
	if err != nil {
		return err
	}
	exports.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("exports"), Key: aws.String("all")})
	_, err = queue.SendMessage(ctx, &sqs.SendMessageInput{MessageBody: aws.String("done")})
	_ = rows
	return err
}

func main() {
	lambda.Start(handler)
}
