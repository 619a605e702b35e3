variable "open" {
  type = string
}

resource "aws_cognito_user_pool" "plain_pool" {
  name = "plain"
}

resource "aws_cognito_user_pool" "full_pool" {
  name                = "full"
  deletion_protection = "ACTIVE"
  mfa_configuration   = "ON"
  tags                = { DataClassification = "personal" }
  admin_create_user_config {
    allow_admin_create_user_only = true
  }
  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    temporary_password_validity_days = 1
  }
  sms_configuration {
    external_id    = "e"
    sns_caller_arn = "arn:aws:iam::111122223333:role/sms"
    sns_region     = "us-east-1"
  }
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}

resource "aws_cognito_user_pool" "bare_pool" {
  name = "bare"
  password_policy {
    minimum_length = 6
  }
}

resource "aws_cognito_user_pool" "open_pool" {
  name              = "open"
  mfa_configuration = var.open
  password_policy {
    require_numbers = var.open
  }
}

resource "aws_wafv2_web_acl_association" "guard" {
  resource_arn = aws_cognito_user_pool.full_pool.arn
  web_acl_arn  = "acl"
}

resource "aws_wafv2_web_acl_association" "api_guard" {
  resource_arn = aws_appsync_graphql_api.api.arn
  web_acl_arn  = "acl"
}

resource "aws_appsync_graphql_api" "api" {
  name                = "a"
  authentication_type = "API_KEY"
}

resource "aws_cognito_user_pool_client" "plain_client" {
  name         = "plain"
  user_pool_id = aws_cognito_user_pool.plain_pool.id
}

resource "aws_cognito_user_pool_client" "full_client" {
  name                          = "full"
  user_pool_id                  = aws_cognito_user_pool.plain_pool.id
  access_token_validity         = 1
  allowed_oauth_flows           = ["code", "implicit"]
  callback_urls                 = ["http://localhost:3000", "http://example.com/*"]
  enable_token_revocation       = false
  explicit_auth_flows           = ["ALLOW_USER_PASSWORD_AUTH"]
  generate_secret               = true
  prevent_user_existence_errors = "ENABLED"
  refresh_token_validity        = 365
  token_validity_units {
    access_token = "days"
  }
}

resource "aws_cognito_user_pool_client" "local_client" {
  name          = "local"
  user_pool_id  = aws_cognito_user_pool.plain_pool.id
  callback_urls = ["http://localhost:3000"]
}

resource "aws_cognito_user_pool_client" "open_client" {
  name                    = "open"
  user_pool_id            = aws_cognito_user_pool.plain_pool.id
  callback_urls           = [var.open]
  enable_token_revocation = var.open
}

resource "aws_cognito_identity_pool" "plain_identities" {
  identity_pool_name               = "plain"
  allow_unauthenticated_identities = false
}

resource "aws_cognito_identity_pool" "full_identities" {
  identity_pool_name               = "full"
  allow_classic_flow               = true
  allow_unauthenticated_identities = true
  tags                             = { DataClassification = "personal" }
  cognito_identity_providers {
    client_id               = "a"
    provider_name           = "p"
    server_side_token_check = true
  }
  cognito_identity_providers {
    client_id     = "b"
    provider_name = "p"
  }
}

resource "aws_cognito_identity_pool_roles_attachment" "plain_roles" {
  identity_pool_id = aws_cognito_identity_pool.plain_identities.id
  roles            = { authenticated = "a" }
}

resource "aws_cognito_identity_pool_roles_attachment" "full_roles" {
  identity_pool_id = aws_cognito_identity_pool.full_identities.id
  roles            = { authenticated = "a", unauthenticated = "b" }
  role_mapping {
    identity_provider         = "graph.example.com"
    type                      = "Token"
    ambiguous_role_resolution = "Deny"
  }
}

resource "aws_sesv2_configuration_set" "plain_mail" {
  configuration_set_name = "plain"
}

resource "aws_sesv2_configuration_set" "full_mail" {
  configuration_set_name = "full"
  delivery_options {
    tls_policy = "REQUIRE"
  }
  sending_options {
    sending_enabled = false
  }
}

resource "aws_ses_configuration_set" "old_mail" {
  name            = "old"
  sending_enabled = false
  delivery_options {
    tls_policy = "Require"
  }
}

resource "aws_sesv2_configuration_set" "open_mail" {
  configuration_set_name = "open"
  delivery_options {
    tls_policy = var.open
  }
}
