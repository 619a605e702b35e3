resource "aws_lambda_function" "web" {
  function_name = "web"
  runtime       = "python3.13"
  handler       = "web.handler"
  filename      = "web.zip"
  role          = aws_iam_role.web.arn
}

resource "aws_lambda_function" "billing" {
  function_name = "billing"
  runtime       = "python3.13"
  handler       = "billing.handler"
  filename      = "billing.zip"
  role          = aws_iam_role.billing.arn
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role" "billing" {
  name               = "billing"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "web" {
  role = aws_iam_role.web.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "lambda:UpdateFunction*"
      Resource = "arn:aws:lambda:*:*:function:shop-*"
    }]
  })
}

resource "aws_iam_role_policy" "billing" {
  role = aws_iam_role.billing.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:DeleteItem"
      Resource = "arn:aws:dynamodb:*:*:table/bills"
    }]
  })
}
