variable "db_password" {
  type      = string
  sensitive = true
}

data "aws_ssm_parameter" "key" {
  name = "/shop/api-key"
}

resource "random_password" "db" {
  length = 24
}

resource "aws_secretsmanager_secret" "db" {
  name = "shop/db"
}

resource "aws_lambda_function" "sync" {
  function_name = "sync"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
  environment {
    variables = {
      DB_PASSWORD   = var.db_password
      API_KEY       = data.aws_ssm_parameter.key.value
      OTHER_SECRET  = random_password.db.result
      DB_SECRET_ARN = aws_secretsmanager_secret.db.arn
    }
  }
}
