data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

resource "aws_dynamodb_table" "orders" {
  name = "orders"
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

resource "aws_iam_role" "place" {
  name               = "place"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "place" {
  for_each = toset(["service-role/AWSLambdaBasicExecutionRole", "AmazonSQSReadOnlyAccess"])

  role       = aws_iam_role.place.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_iam_role_policy" "read" {
  name = "read"
  role = aws_iam_role.place.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
      ]
      Resource = [
        for suffix in ["", "/index/*"] :
        "arn:aws:dynamodb:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:table/${aws_dynamodb_table.orders.name}${suffix}"
      ]
    }]
  })
}

resource "aws_iam_role_policy" "mail" {
  name = "mail"
  role = aws_iam_role.place.id

  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "Mail",
        "Effect": "Allow",
        "Action": "ses:SendEmail",
        "Resource": "*",
        "Condition": { "StringEquals": { "ses:FromAddress": "shop@shop.test" } }
      }
    }
  JSON
}
