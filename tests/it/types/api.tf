# without: AWS::ApiGateway::Deployment cache.enabled cache.encrypted logging.access logging.payloads stage tracing.enabled
# without: AWS::ApiGateway::Authorizer identitySource.given
# without: AWS::ApiGatewayV2::DomainName transport.minimumTls
variable "open" {
  type = string
}

resource "aws_api_gateway_rest_api" "plain_api" {
  name = "plain"
}

resource "aws_api_gateway_rest_api" "full_api" {
  name                         = "full"
  disable_execute_api_endpoint = true
  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = ["vpce-0123456789"]
  }
}

resource "aws_api_gateway_rest_api_policy" "full_api" {
  rest_api_id = aws_api_gateway_rest_api.full_api.id
  policy      = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_api_gateway_rest_api" "open_api" {
  name                         = "open"
  disable_execute_api_endpoint = var.open
  endpoint_configuration {
    types = [var.open]
  }
}

resource "aws_api_gateway_base_path_mapping" "path" {
  api_id      = aws_api_gateway_rest_api.full_api.id
  domain_name = "api.example.com"
}

resource "aws_api_gateway_stage" "plain_stage" {
  rest_api_id   = aws_api_gateway_rest_api.plain_api.id
  deployment_id = "d"
  stage_name    = "plain"
}

resource "aws_api_gateway_stage" "full_stage" {
  rest_api_id           = aws_api_gateway_rest_api.full_api.id
  deployment_id         = "d"
  stage_name            = "full"
  cache_cluster_enabled = true
  cache_cluster_size    = "0.5"
  client_certificate_id = "abc"
  xray_tracing_enabled  = true
  variables             = { host = "orders.example.com", password = "Wq8zKp3vLm5xRt2n" }
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:access"
    format          = "{\"id\":\"$context.requestId\"}"
  }
}

resource "aws_api_gateway_method_settings" "full_stage" {
  rest_api_id = aws_api_gateway_rest_api.full_api.id
  stage_name  = aws_api_gateway_stage.full_stage.stage_name
  method_path = "*/*"
  settings {
    cache_data_encrypted   = true
    caching_enabled        = true
    data_trace_enabled     = true
    logging_level          = "INFO"
    throttling_rate_limit  = 10
    throttling_burst_limit = 20
  }
}

resource "aws_api_gateway_stage" "open_stage" {
  rest_api_id          = aws_api_gateway_rest_api.full_api.id
  deployment_id        = "d"
  stage_name           = "open"
  xray_tracing_enabled = var.open
}

resource "aws_api_gateway_method_settings" "open_stage" {
  rest_api_id = aws_api_gateway_rest_api.full_api.id
  stage_name  = aws_api_gateway_stage.open_stage.stage_name
  method_path = "orders/GET"
  settings {
    logging_level   = var.open
    caching_enabled = true
  }
}

resource "aws_api_gateway_method_settings" "open_stage_post" {
  rest_api_id = aws_api_gateway_rest_api.full_api.id
  stage_name  = aws_api_gateway_stage.open_stage.stage_name
  method_path = "orders/POST"
  settings {}
}

resource "aws_wafv2_web_acl_association" "guard" {
  resource_arn = aws_api_gateway_stage.full_stage.arn
  web_acl_arn  = aws_wafv2_web_acl.full_acl.arn
}

resource "aws_wafv2_web_acl_association" "open_guard" {
  resource_arn = "arn:aws:elsewhere"
  web_acl_arn  = aws_wafv2_web_acl.full_acl.arn
}

resource "aws_wafv2_web_acl" "plain_acl" {
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "plain"
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl" "full_acl" {
  scope = "REGIONAL"
  default_action {
    block {}
  }
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "common"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "full"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_logging_configuration" "acl_logs" {
  log_destination_configs = ["arn:aws:s3:::aws-waf-logs-full"]
  resource_arn            = aws_wafv2_web_acl.full_acl.arn
}

resource "aws_api_gateway_deployment" "deployed" {
  rest_api_id = aws_api_gateway_rest_api.plain_api.id
}

resource "aws_api_gateway_authorizer" "plain_authorizer" {
  name        = "plain"
  rest_api_id = aws_api_gateway_rest_api.plain_api.id
}

resource "aws_api_gateway_authorizer" "full_authorizer" {
  name                             = "full"
  rest_api_id                      = aws_api_gateway_rest_api.plain_api.id
  type                             = "REQUEST"
  authorizer_result_ttl_in_seconds = 0
  identity_source                  = "method.request.header.Token"
}

resource "aws_api_gateway_domain_name" "plain_domain" {
  domain_name = "plain.example.com"
}

resource "aws_api_gateway_domain_name" "old_domain" {
  domain_name     = "old.example.com"
  security_policy = "TLS_1_0"
}

resource "aws_api_gateway_domain_name" "full_domain" {
  domain_name     = "full.example.com"
  security_policy = "TLS_1_2"
  mutual_tls_authentication {
    truststore_uri = "s3://trust/store.pem"
  }
}

resource "aws_api_gateway_request_validator" "plain_validator" {
  name        = "plain"
  rest_api_id = aws_api_gateway_rest_api.plain_api.id
}

resource "aws_api_gateway_request_validator" "full_validator" {
  name                        = "full"
  rest_api_id                 = aws_api_gateway_rest_api.plain_api.id
  validate_request_body       = true
  validate_request_parameters = true
}

resource "aws_api_gateway_usage_plan" "plain_plan" {
  name = "plain"
}

resource "aws_api_gateway_usage_plan" "full_plan" {
  name = "full"
  api_stages {
    api_id = aws_api_gateway_rest_api.full_api.id
    stage  = "full"
  }
  quota_settings {
    limit  = 1000
    period = "DAY"
  }
  throttle_settings {
    burst_limit = 20
    rate_limit  = 10
  }
}

resource "aws_api_gateway_api_key" "plain_key" {
  name = "plain"
}

resource "aws_api_gateway_api_key" "full_key" {
  name    = "full"
  enabled = false
  value   = "Wq8zKp3vLm5xRt2nWq8zKp3v"
}

resource "aws_api_gateway_api_key" "open_key" {
  name  = "open"
  value = var.open
}

resource "aws_api_gateway_account" "plain_account" {
}

resource "aws_api_gateway_account" "full_account" {
  cloudwatch_role_arn = "arn:aws:iam::111122223333:role/gateway-logs"
}

resource "aws_api_gateway_gateway_response" "plain_response" {
  rest_api_id   = aws_api_gateway_rest_api.plain_api.id
  response_type = "DEFAULT_5XX"
}

resource "aws_api_gateway_gateway_response" "full_response" {
  rest_api_id   = aws_api_gateway_rest_api.plain_api.id
  response_type = "DEFAULT_4XX"
  response_parameters = {
    "gatewayresponse.header.Access-Control-Allow-Origin" = "'*'"
    "gatewayresponse.header.Strict-Transport-Security"   = "'max-age=31536000'"
  }
}

resource "aws_apigatewayv2_api" "plain_http" {
  name          = "plain"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_api" "full_http" {
  name                         = "full"
  protocol_type                = "WEBSOCKET"
  disable_execute_api_endpoint = true
  cors_configuration {
    allow_credentials = true
    allow_origins     = ["https://example.com", "*"]
  }
}

resource "aws_apigatewayv2_api" "open_http" {
  name          = "open"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = [var.open]
  }
}

resource "aws_apigatewayv2_api_mapping" "mapping" {
  api_id      = aws_apigatewayv2_api.full_http.id
  domain_name = "ws.example.com"
  stage       = "live"
}

resource "aws_apigatewayv2_stage" "plain_http_stage" {
  api_id = aws_apigatewayv2_api.plain_http.id
  name   = "plain"
}

resource "aws_apigatewayv2_stage" "full_http_stage" {
  api_id          = aws_apigatewayv2_api.full_http.id
  name            = "full"
  stage_variables = { host = "orders.example.com", password = "Wq8zKp3vLm5xRt2n" }
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:access"
    format          = jsonencode({ id = "$context.requestId" })
  }
  default_route_settings {
    data_trace_enabled    = true
    logging_level         = "INFO"
    throttling_rate_limit = 5
  }
}

resource "aws_apigatewayv2_stage" "open_http_stage" {
  api_id = "elsewhere"
  name   = "open"
  access_log_settings {
    destination_arn = var.open
    format          = "$context.requestId"
  }
}

resource "aws_apigatewayv2_integration" "plain_integration" {
  api_id           = aws_apigatewayv2_api.plain_http.id
  integration_type = "HTTP_PROXY"
  integration_uri  = "http://old.example.com/"
}

resource "aws_apigatewayv2_integration" "full_integration" {
  api_id               = aws_apigatewayv2_api.plain_http.id
  connection_type      = "VPC_LINK"
  integration_type     = "AWS_PROXY"
  integration_uri      = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/a"
  timeout_milliseconds = 5000
  tls_config {
    server_name_to_verify = "orders.example.com"
  }
}

resource "aws_apigatewayv2_integration" "open_integration" {
  api_id           = aws_apigatewayv2_api.plain_http.id
  integration_type = "HTTP_PROXY"
  integration_uri  = "http://${var.open}/"
}

resource "aws_apigatewayv2_authorizer" "plain_http_authorizer" {
  api_id          = aws_apigatewayv2_api.plain_http.id
  authorizer_type = "REQUEST"
  authorizer_uri  = "arn:aws:lambda:eu-central-1:111122223333:function:check"
  name            = "plain"
}

resource "aws_apigatewayv2_authorizer" "full_http_authorizer" {
  api_id                           = aws_apigatewayv2_api.plain_http.id
  authorizer_result_ttl_in_seconds = 3600
  authorizer_type                  = "JWT"
  identity_sources                 = ["$request.header.Authorization"]
  name                             = "full"
  jwt_configuration {
    audience = ["web"]
    issuer   = "https://login.example.com"
  }
}

resource "aws_apigatewayv2_authorizer" "short_http_authorizer" {
  api_id                           = aws_apigatewayv2_api.plain_http.id
  authorizer_result_ttl_in_seconds = 60
  authorizer_type                  = "JWT"
  identity_sources                 = ["$request.header.Authorization"]
  name                             = "short"
  jwt_configuration {
    audience = ["web"]
    issuer   = "http://login.example.com"
  }
}

resource "aws_apigatewayv2_domain_name" "plain_http_domain" {
  domain_name = "plain.example.org"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/a"
    endpoint_type   = "REGIONAL"
  }
}

resource "aws_apigatewayv2_domain_name" "full_http_domain" {
  domain_name = "full.example.org"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/a"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
  mutual_tls_authentication {
    truststore_uri = "s3://trust/store.pem"
  }
}

resource "aws_apigatewayv2_vpc_link" "plain_link" {
  name               = "plain"
  security_group_ids = []
  subnet_ids         = ["subnet-1"]
}

resource "aws_apigatewayv2_vpc_link" "full_link" {
  name               = "full"
  security_group_ids = ["sg-1"]
  subnet_ids         = ["subnet-1", "subnet-2"]
}

resource "aws_appsync_graphql_api" "plain_graph" {
  name                = "plain"
  authentication_type = "API_KEY"
}

resource "aws_appsync_graphql_api" "full_graph" {
  name                 = "full"
  authentication_type  = "AWS_IAM"
  introspection_config = "DISABLED"
  query_depth_limit    = 5
  resolver_count_limit = 50
  visibility           = "PRIVATE"
  xray_enabled         = true
  additional_authentication_provider {
    authentication_type = "API_KEY"
  }
  log_config {
    cloudwatch_logs_role_arn = "arn:aws:iam::111122223333:role/logs"
    field_log_level          = "ALL"
  }
}

resource "aws_appsync_graphql_api" "open_graph" {
  name                 = "open"
  authentication_type  = var.open
  introspection_config = var.open
}

resource "aws_wafv2_web_acl_association" "graph_guard" {
  resource_arn = aws_appsync_graphql_api.full_graph.arn
  web_acl_arn  = aws_wafv2_web_acl.full_acl.arn
}

resource "aws_appsync_api_key" "plain_graph_key" {
  api_id = "a"
}

resource "aws_appsync_api_key" "full_graph_key" {
  api_id  = "a"
  expires = "2027-01-15T08:00:00Z"
}

resource "aws_appsync_api_cache" "plain_cache" {
  api_id               = "a"
  api_caching_behavior = "FULL_REQUEST_CACHING"
  ttl                  = 60
  type                 = "SMALL"
}

resource "aws_appsync_api_cache" "full_cache" {
  api_id                     = "a"
  api_caching_behavior       = "PER_RESOLVER_CACHING"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  ttl                        = 60
  type                       = "SMALL"
}

resource "aws_appsync_datasource" "plain_source" {
  api_id = "a"
  name   = "plain"
  type   = "HTTP"
  http_config {
    endpoint = "http://old.example.com"
  }
}

resource "aws_appsync_datasource" "full_source" {
  api_id = "a"
  name   = "full"
  type   = "HTTP"
  http_config {
    endpoint = "https://new.example.com"
    authorization_config {
      authorization_type = "AWS_IAM"
    }
  }
}

resource "aws_appsync_datasource" "table_source" {
  api_id = "a"
  name   = "table"
  type   = "AMAZON_DYNAMODB"
  dynamodb_config {
    region     = "eu-west-1"
    table_name = "t"
  }
}

resource "aws_appsync_resolver" "plain_resolver" {
  api_id = "a"
  field  = "order"
  type   = "Query"
}

resource "aws_appsync_resolver" "full_resolver" {
  api_id = "a"
  field  = "orders"
  kind   = "PIPELINE"
  type   = "Query"
  caching_config {
    caching_keys = ["$context.identity.sub"]
    ttl          = 60
  }
}
