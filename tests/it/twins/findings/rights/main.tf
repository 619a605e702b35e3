resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/orders"
  }

  tags = { DataClassification = "internal" }
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

resource "aws_iam_role" "role" { # leastwise: LP018
  name               = "orders"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "role" {
  role       = aws_iam_role.role.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # leastwise: LP019
}

data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteTable"] # leastwise: XL001
    resources = [aws_dynamodb_table.orders.arn]
  }

  statement {
    actions   = ["sqs:*"] # leastwise: LP002 XL001
    resources = ["arn:aws:sqs:eu-central-1:111122223333:jobs"]
  }

  statement {
    actions   = ["sns:Publish"] # leastwise: XL001
    resources = ["*"] # leastwise: LP003
  }
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.role.id
  policy = data.aws_iam_policy_document.orders.json
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = path.module
  output_path = "code.zip"
}

resource "aws_lambda_function" "each" {
  for_each = toset(["place", "read"])

  function_name = each.key
  runtime       = "python3.13"
  handler       = "${each.key}.handler"
  role          = aws_iam_role.role.arn
  filename      = data.archive_file.code.output_path

  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }
}

resource "aws_cloudwatch_log_group" "each" {
  for_each          = aws_lambda_function.each
  name              = "/aws/lambda/${each.value.function_name}"
  retention_in_days = 30
}
