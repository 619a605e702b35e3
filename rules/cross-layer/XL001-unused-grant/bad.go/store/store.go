package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Store keeps orders in a table.
type Store struct {
	*dynamodb.Client
	table string
}

// New connects to a table.
func New(settings aws.Config, table string) *Store {
	return &Store{Client: dynamodb.NewFromConfig(settings), table: table}
}

// Find reads an order.
func (s *Store) Find(ctx context.Context, id string) error {
	_, err := s.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table})
	return err
}

// All is called by another program.
func (s *Store) All(ctx context.Context) error {
	_, err := s.Scan(ctx, &dynamodb.ScanInput{TableName: &s.table})
	return err
}
