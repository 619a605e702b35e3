resource "aws_lambda_function" "sync" {
  function_name = "sync"
  runtime       = "python3.13"
  handler       = "index.handler"
  filename      = "sync.zip"
  role          = "arn:aws:iam::123456789012:role/sync"
  environment {
    variables = {
      SSL_CERT_FILE     = "/opt/partner-ca.pem"
      PYTHONHTTPSVERIFY = "1"
    }
  }
}
