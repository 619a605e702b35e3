resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "list" { # leastwise: AU002
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "GET /orders"
}
