resource "aws_secretsmanager_secret" "database" {
  name = "orders/database"
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
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database.arn]
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
    variables = { DATABASE = aws_secretsmanager_secret.database.arn }
  }
}
