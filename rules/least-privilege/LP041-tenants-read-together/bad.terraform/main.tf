resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "tenant_id"

  attribute {
    name = "tenant_id"
    type = "S"
  }
}

resource "aws_iam_role" "list" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "list" {
  role = aws_iam_role.list.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:Scan", "dynamodb:Query"]
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}

data "archive_file" "list" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "list.zip"
}

resource "aws_lambda_function" "list" {
  function_name = "list"
  role          = aws_iam_role.list.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.list.output_path

  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }
}

resource "aws_lambda_permission" "list" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.list.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-central-1:111122223333:orders/*"
}
