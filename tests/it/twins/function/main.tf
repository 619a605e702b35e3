resource "aws_dynamodb_table" "orders" {
  name = "orders"
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

locals {
  variables = {
    TABLE     = aws_dynamodb_table.orders.name
    TABLE_ARN = aws_dynamodb_table.orders.arn
    QUEUE     = "queue:${aws_sqs_queue.failed.url}"
  }
}

data "archive_file" "place" {
  type        = "zip"
  source_dir  = path.module
  output_path = "place.zip"
}

resource "aws_lambda_function" "place" {
  function_name = "place"
  runtime       = "python3.13"
  handler       = "src/place.handler"
  timeout       = 10
  memory_size   = 256
  role          = "arn:aws:iam::111122223333:role/place"
  filename      = data.archive_file.place.output_path

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }

  tracing_config {
    mode = "Active"
  }

  environment {
    variables = merge(local.variables, { STAGE = "test" })
  }

  tags = { DataClassification = "personal" }
}

resource "aws_cloudwatch_log_group" "place" {
  name              = "/aws/lambda/place"
  retention_in_days = 30
}
