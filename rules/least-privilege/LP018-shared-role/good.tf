resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders"
      },
    ]
  })
}

resource "aws_lambda_function" "create" {
  function_name = "create"
  role          = aws_iam_role.orders.arn
  handler       = "create.handler"
  runtime       = "python3.13"
  s3_bucket     = "artifacts"
  s3_key        = "create.zip"
}
