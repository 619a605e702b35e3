resource "aws_lambda_function" "sync" {
  function_name = "sync"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
  environment {
    variables = {
      DB_PASSWORD = "kV7!rum1nant-42" # leastwise: SE001
      TABLE       = "orders"
    }
  }
}
