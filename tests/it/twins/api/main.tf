data "archive_file" "shop" {
  type        = "zip"
  source_dir  = path.module
  output_path = "shop.zip"
}

resource "aws_lambda_function" "shop" {
  function_name = "shop"
  runtime       = "python3.13"
  handler       = "shop.handler"
  role          = "arn:aws:iam::111122223333:role/shop"
  filename      = data.archive_file.shop.output_path
}

resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "shop" {
  api_id      = aws_apigatewayv2_api.shop.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_apigatewayv2_authorizer" "customers" {
  api_id           = aws_apigatewayv2_api.shop.id
  name             = "customers"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "https://login.shop.test/"
    audience = ["shop"]
  }
}

resource "aws_apigatewayv2_integration" "shop" {
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.shop.arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "order" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "POST /orders"
  target             = "integrations/${aws_apigatewayv2_integration.shop.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.customers.id
}

resource "aws_apigatewayv2_route" "list" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "GET /goods"
  target    = "integrations/${aws_apigatewayv2_integration.shop.id}"
}

resource "aws_lambda_permission" "shop" {
  function_name = aws_lambda_function.shop.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-central-1:111122223333:${aws_apigatewayv2_api.shop.id}/*"
}
