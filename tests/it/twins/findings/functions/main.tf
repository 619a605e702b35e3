data "archive_file" "place" {
  type        = "zip"
  source_dir  = path.module
  output_path = "place.zip"
}

resource "aws_lambda_function" "place" { # leastwise: RS001 LG001
  function_name = "place"
  runtime       = "python3.8" # leastwise: SL001
  handler       = "place.handler"
  role          = "arn:aws:iam::111122223333:role/place"
  filename      = data.archive_file.place.output_path

  environment {
    variables = {
      PYTHONHTTPSVERIFY = "0"               # leastwise: TR031
      DB_PASSWORD       = "q7Zt-ruminant-42" # leastwise: SE001
    }
  }
}

resource "aws_cloudwatch_event_rule" "nightly" {
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_lambda_function.place.arn
}

resource "aws_lambda_permission" "nightly" {
  function_name = aws_lambda_function.place.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}

resource "aws_lambda_function_url" "place" {
  function_name      = aws_lambda_function.place.function_name
  authorization_type = "NONE" # leastwise: AU003
}

resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "place" {
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.place.arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "order" { # leastwise: AU002
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "POST /orders"
  target    = "integrations/${aws_apigatewayv2_integration.place.id}"
}
