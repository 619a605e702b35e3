resource "aws_acm_certificate" "plain_certificate" {
  domain_name       = "example.com"
  key_algorithm     = "RSA_2048"
  validation_method = "DNS"
}

resource "aws_acm_certificate" "bare_certificate" {
  domain_name = "example.com"
}

resource "aws_acm_certificate" "full_certificate" {
  certificate_authority_arn = "a"
  domain_name               = "*.example.com"
  key_algorithm             = "EC_prime256v1"
  options {
    certificate_transparency_logging_preference = "DISABLED"
    export                                      = "ENABLED"
  }
}

resource "aws_acmpca_certificate_authority" "plain_authority" {
  certificate_authority_configuration {
    key_algorithm     = "RSA_4096"
    signing_algorithm = "SHA512WITHRSA"
    subject {
      common_name = "example.com"
    }
  }
}

resource "aws_acmpca_certificate_authority" "full_authority" {
  type       = "ROOT"
  usage_mode = "SHORT_LIVED_CERTIFICATE"
  certificate_authority_configuration {
    key_algorithm     = "EC_prime256v1"
    signing_algorithm = "SHA256WITHECDSA"
    subject {
      common_name = "example.com"
    }
  }
  revocation_configuration {
    crl_configuration {
      enabled        = true
      s3_bucket_name = "b"
      s3_object_acl  = "BUCKET_OWNER_FULL_CONTROL"
    }
    ocsp_configuration {
      enabled = true
    }
  }
}

resource "aws_route53_zone" "plain_zone" {
  name = "example.com"
}

resource "aws_route53_zone" "full_zone" {
  name = "internal"
}

resource "aws_route53_zone_association" "network" {
  vpc_id  = "v"
  zone_id = aws_route53_zone.full_zone.zone_id
}

resource "aws_route53_zone" "logged_zone" {
  name = "example.org"
}

resource "aws_route53_query_log" "questions" {
  cloudwatch_log_group_arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/q"
  zone_id                  = aws_route53_zone.logged_zone.zone_id
}

resource "aws_route53_hosted_zone_dnssec" "signing" {
  hosted_zone_id = aws_route53_zone.logged_zone.id
}

resource "aws_route53_record" "plain_name" {
  name    = "a.example.com"
  records = ["192.0.2.1"]
  ttl     = 300
  type    = "A"
  zone_id = aws_route53_zone.plain_zone.zone_id
}

resource "aws_route53_record" "full_name" {
  health_check_id = "h"
  name            = "*.example.com"
  type            = "AAAA"
  zone_id         = aws_route53_zone.plain_zone.zone_id
  alias {
    evaluate_target_health = false
    name                   = "d111111abcdef8.cloudfront.net"
    zone_id                = "z"
  }
}

resource "aws_cognito_user_pool" "pool" {
  name = "a"
}

resource "aws_cognito_user_pool_domain" "plain_pages" {
  domain                = "a"
  managed_login_version = 1
  user_pool_id          = aws_cognito_user_pool.pool.id
}

resource "aws_cognito_user_pool_domain" "full_pages" {
  certificate_arn       = "c"
  domain                = "auth.example.com"
  managed_login_version = 2
  user_pool_id          = aws_cognito_user_pool.pool.id
}

resource "aws_cognito_user_group" "plain_team" {
  name         = "a"
  user_pool_id = aws_cognito_user_pool.pool.id
}

resource "aws_cognito_user_group" "full_team" {
  name         = "b"
  role_arn     = "r"
  user_pool_id = aws_cognito_user_pool.pool.id
}

resource "aws_cognito_resource_server" "plain_api" {
  identifier   = "https://a.example.com"
  name         = "a"
  user_pool_id = aws_cognito_user_pool.pool.id
}

resource "aws_cognito_resource_server" "full_api" {
  identifier   = "https://b.example.com"
  name         = "b"
  user_pool_id = aws_cognito_user_pool.pool.id
  scope {
    scope_description = "reads"
    scope_name        = "read"
  }
}
