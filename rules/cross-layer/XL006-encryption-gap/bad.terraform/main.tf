resource "aws_kms_key" "orders" {
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })
}

resource "aws_sqs_queue" "orders" {
  name              = "orders"
  kms_master_key_id = aws_kms_key.orders.arn
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "place" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn]
  }
}

resource "aws_iam_role" "place" {
  name               = "place"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "place" {
  role   = aws_iam_role.place.id
  policy = data.aws_iam_policy_document.place.json
}

data "archive_file" "place" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/place.zip"
}

resource "aws_lambda_function" "place" {
  function_name = "place"
  role          = aws_iam_role.place.arn
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = data.archive_file.place.output_path

  environment {
    variables = { QUEUE = aws_sqs_queue.orders.url }
  }
}
